#include "adapters/doctest_selection.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>

namespace isolite::doc_test {

namespace {

/// A comma would begin another filter, and a star stand for anything; there is no way to write a
/// star that stands for itself.
std::string filter_for(const std::string& text) {
    std::string filter;
    for (const char letter : text) {
        filter += letter == ',' || letter == '\\' ? std::string("\\") : std::string();
        filter += letter == '*' ? '?' : letter;
    }
    return filter;
}

bool is_equal_without_case(const std::string& left, const std::string& right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) ==
               std::tolower(static_cast<unsigned char>(b));
    });
}

const named_test* test_of(const results::test_case& wanted, const std::vector<named_test>& all) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const named_test& each) {
        return each.line == wanted.line && each.file == wanted.file && each.suite == wanted.suite &&
               wanted.name == (each.suite.empty() ? "" : each.suite + "/") + each.name;
    });
    return found == all.end() ? nullptr : &*found;
}

/// What a test is told by, beside its name.
struct means {
    bool suite = false;
    bool letters = false; ///< large and small ones
    bool file = false;
};

bool is_like(const named_test& wanted, const named_test& other, const means& by) {
    const auto is_same = [&by](const std::string& left, const std::string& right) {
        return by.letters ? left == right : is_equal_without_case(left, right);
    };
    return is_same(wanted.name, other.name) && (!by.suite || is_same(wanted.suite, other.suite)) &&
           (!by.file || is_same(wanted.file, other.file));
}

/// Adds what tells a test from others of its name.
void tell_apart(const named_test& wanted, const std::vector<named_test>& all,
                std::vector<std::string>& options) {
    constexpr std::array<means, 5> from_short_to_long = {
        {{}, {true, false, false}, {false, true, false}, {true, true, false}, {true, true, true}}};
    for (const means& by : from_short_to_long) {
        const bool has_suite = by.suite && !wanted.suite.empty(); // an empty filter is none
        const auto found = std::count_if(all.begin(), all.end(), [&](const named_test& each) {
            return is_like(wanted, each, {has_suite, by.letters, by.file});
        });
        if (found > 1 && !by.file) {
            continue;
        }
        if (by.letters) {
            options.emplace_back("--case-sensitive");
        }
        if (has_suite) {
            options.push_back("--test-suite=" + filter_for(wanted.suite));
        }
        if (by.file) {
            options.push_back("--source-file=" + filter_for(wanted.file));
        }
        return;
    }
}

/// Adds the suites of several tests, if one of them has a name that tests of other suites have,
/// too. Filters of different kinds know nothing of each other: some of these may be chosen as well.
void tell_suites(const std::vector<const named_test*>& wanted, const std::vector<named_test>& all,
                 std::vector<std::string>& options) {
    std::set<std::string> suites;
    bool is_needed = false;
    for (const named_test* const each : wanted) {
        suites.insert(each->suite);
        const auto found = std::count_if(all.begin(), all.end(), [each](const named_test& other) {
            return is_like(*each, other, {});
        });
        is_needed = is_needed || found > 1;
    }
    if (!is_needed || suites.count("") > 0) {
        return;
    }
    std::string filter;
    for (const std::string& suite : suites) {
        filter += (filter.empty() ? "" : ",") + filter_for(suite);
    }
    options.push_back("--test-suite=" + filter);
}

/// What doctest calls its options that choose cases, in short, too.
constexpr std::array<std::string_view, 18> names_of_filters = {
    "test-case", "tc", "test-case-exclude", "tce", "test-suite", "ts", "test-suite-exclude",
    "tse",       "sf", "source-file",       "sfe", "first",      "f",  "source-file-exclude",
    "last",      "l",  "no-skip",           "ns"};

constexpr std::array<std::string_view, 4> names_of_filters_of_subcases = {"subcase", "sc",
                                                                          "subcase-exclude", "sce"};

template <typename Names>
std::vector<std::string> options_in(const std::vector<std::string>& command_line,
                                    const Names& names) {
    constexpr std::string_view prefix = "dt-";
    std::vector<std::string> found;
    for (const std::string& word : command_line) {
        const std::size_t dashes = std::min(word.find_first_not_of('-'), word.size());
        std::string_view name(word);
        name = name.substr(dashes, word.find('=') - dashes);
        if (name.substr(0, prefix.size()) == prefix) {
            name.remove_prefix(prefix.size());
        }
        const bool is_known = std::find(names.begin(), names.end(), name) != names.end();
        if (dashes > 0 && is_known) {
            found.push_back(word);
        }
    }
    return found;
}

} // namespace

std::vector<std::string> filters_in(const std::vector<std::string>& command_line) {
    return options_in(command_line, names_of_filters);
}

std::vector<std::string> subcases_in(const std::vector<std::string>& command_line) {
    return options_in(command_line, names_of_filters_of_subcases);
}

std::vector<std::string> selection_of(const std::vector<const results::test_case*>& cases,
                                      const std::vector<named_test>& all) {
    std::vector<const named_test*> wanted;
    std::set<std::string> names; // each once
    for (const results::test_case* const each : cases) {
        const named_test* const test = test_of(*each, all);
        if (test == nullptr || test->name.empty()) {
            return {};
        }
        wanted.push_back(test);
    }
    std::string filter;
    bool is_skipped = false;
    for (const named_test* const each : wanted) {
        if (names.insert(each->name).second) {
            filter += (filter.empty() ? "" : ",") + filter_for(each->name);
        }
        is_skipped = is_skipped || each->is_skipped;
    }
    std::vector<std::string> options = {"--test-case=" + filter};
    if (wanted.size() == 1) {
        tell_apart(*wanted.front(), all, options);
    } else {
        tell_suites(wanted, all, options);
    }
    if (is_skipped) {
        options.emplace_back("--no-skip");
    }
    return options;
}

} // namespace isolite::doc_test
