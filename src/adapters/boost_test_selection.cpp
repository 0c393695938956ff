#include "adapters/boost_test_selection.hpp"

#include "adapters/boost_test_tree.hpp"
#include "os/process_tree.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <set>

namespace isolite::boost_test {

namespace {

using unit_test::test_unit_id;

bool begins_with(const std::string& text, const std::string& start) {
    return text.compare(0, start.size(), start) == 0;
}

bool ends_with(const std::string& text, const std::string& end) {
    return text.size() >= end.size() &&
           text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// Returns how a filter calls a unit. A comma stands between names, and cannot be written as a part
/// of one, so that only the part in front of the first comma, or behind the last one, can be named.
std::string filter_for(const unit_test::test_unit& unit) {
    const std::string& name = unit.p_name;
    const std::size_t comma = name.find(',');
    if (comma == std::string::npos) {
        return name;
    }
    const std::string start = name.substr(0, comma);
    const std::string end = name.substr(name.rfind(',') + 1);
    std::ptrdiff_t by_start = 0;
    std::ptrdiff_t by_end = 0;
    auto& parent = static_cast<unit_test::test_suite&>(unit_of(unit.p_parent_id));
    for (const auto& [rank, sibling] : children_of(parent)) {
        by_start += begins_with(unit_of(sibling).p_name, start) ? 1 : 0;
        by_end += ends_with(unit_of(sibling).p_name, end) ? 1 : 0;
    }
    return by_start <= by_end ? start + "*" : "*" + end;
}

std::string path_of(test_unit_id id) {
    std::string path;
    for (; unit_of(id).p_parent_id != unit_test::INV_TEST_UNIT_ID; id = unit_of(id).p_parent_id) {
        path.insert(0, filter_for(unit_of(id)) + (path.empty() ? "" : "/"));
    }
    return path;
}

/// Adds a unit behind all that it depends on, itself or by a suite around it.
void add(test_unit_id unit, std::vector<test_unit_id>& to) {
    if (std::find(to.begin(), to.end(), unit) != to.end()) {
        return;
    }
    for (test_unit_id id = unit; id != unit_test::INV_TEST_UNIT_ID; id = unit_of(id).p_parent_id) {
        for (const test_unit_id needed : unit_of(id).p_dependencies.get()) {
            add(needed, to);
        }
    }
    to.push_back(unit);
}

} // namespace

// Boost.Test would not tell a library of clang's: it knows the type of texts by another name.
std::vector<std::string> filters_of_boost_test() {
    const std::vector<std::string> command_line = os::this_process().arguments;
    const std::string option = "--run_test";
    const std::size_t shortest = std::string("--ru").size(); // the option may be cut
    std::vector<std::string> filters;
    for (std::size_t i = 1; i < command_line.size() && command_line[i] != "--"; ++i) {
        const std::string& word = command_line[i];
        const std::size_t end = std::min(word.find('='), word.size());
        if (word == "-t" && i + 1 < command_line.size()) {
            filters.push_back(option + "=" + command_line[++i]);
        } else if (end >= shortest && end < word.size() &&
                   begins_with(option, word.substr(0, end))) {
            filters.push_back(option + word.substr(end));
        }
    }
    const char* const variable = std::getenv("BOOST_TEST_RUN_FILTERS");
    if (filters.empty() && variable) {
        filters.push_back(option + "=" + variable);
    }
    return filters;
}

std::vector<std::string> selection_of(const std::vector<const results::test_case*>& cases,
                                      test_unit_id root) {
    std::set<std::string> names;
    for (const results::test_case* const each : cases) {
        names.insert(each->name);
    }
    std::vector<test_unit_id> units;
    for (const test_unit_id id : all_cases(root)) {
        if (names.count(unit_of(id).full_name()) > 0) {
            add(id, units);
        }
    }
    std::string filter;
    for (const test_unit_id id : units) {
        filter += (filter.empty() ? "" : ":") + path_of(id);
    }
    return filter.empty() ? std::vector<std::string>()
                          : std::vector<std::string>{"--run_test=" + filter};
}

} // namespace isolite::boost_test
