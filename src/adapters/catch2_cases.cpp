#include "adapters/catch2_cases.hpp"

#include "suites/running_suite.hpp"

#include <string_view>
#include <typeinfo>

namespace isolite::catch2 {

#if ISOLITE_CATCH2_VERSION == 3

namespace {

/// Nobody checks access in an explicit instantiation ([temp.spec]/6).
template <typename Name, typename Name::type Member>
struct granted {
    friend typename Name::type reach(Name /*unused*/) { return Member; }
};
struct invoker_of_case {
    using type = Catch::ITestInvoker* Catch::TestCaseHandle::*;
    friend type reach(invoker_of_case /*unused*/);
};
template struct granted<invoker_of_case, &Catch::TestCaseHandle::m_invoker>;

/// Says whether the fixture of an invoker lives through all passes. Of a program without RTTI,
/// whose tables of virtual functions have no types (Itanium C++ ABI 2.5.2), that is not known.
bool lasts(const Catch::ITestInvoker& invoker) {
    const auto* const table = *reinterpret_cast<const void* const* const*>(&invoker);
    const bool is_known = table[-1] != nullptr;
    return !is_known || std::string_view(typeid(invoker).name()).find("TestInvokerFixture") !=
                            std::string_view::npos;
}

} // namespace

#endif

case_marks marks_of(const Catch::TestCaseInfo& test) {
    case_marks marks;
    for (const std::string& tag : tags_of(test)) {
        if (tag == "copy_on_write") {
            marks.mode = mode::copy_on_write;
        } else if (tag == "rollback") {
            marks.mode = mode::rollback;
        } else if (tag.compare(0, 5, "uses:") == 0) {
            marks.resources.push_back(tag.substr(5));
        }
        marks.serial = marks.serial || tag == "serial";
    }
    marks.serial = marks.serial || is_benchmark(test);
    return marks;
}

results::test_case described(const Catch::TestCaseInfo& test) {
    results::test_case made;
    made.name = test.name;
    made.file = test.lineInfo.file;
    made.line = static_cast<unsigned>(test.lineInfo.line);
    suites::apply(marks_of(test), made);
    return made;
}

std::vector<test_case*> chosen_cases(const Catch::IConfig& config) {
    auto& all = all_cases(config);
    std::set<const test_case*> chosen;
    if (config.testSpec().hasFilters()) {
        for (const auto& match : config.testSpec().matchesByFilter(all, config)) {
            chosen.insert(match.tests.begin(), match.tests.end());
        }
    } else {
        for (const test_case& each : all) {
            if (!each.getTestCaseInfo().isHidden()) {
                chosen.insert(&each);
            }
        }
    }
#if ISOLITE_CATCH2_VERSION == 3
    chosen = Catch::createShard(chosen, config.shardCount(), config.shardIndex());
#endif
    std::vector<test_case*> cases;
    for (test_case& each : all) {
        if (chosen.count(&each) > 0) {
            cases.push_back(&each);
        }
    }
    return cases;
}

std::set<const Catch::TestCaseInfo*>
cases_with_lasting_fixtures([[maybe_unused]] const Catch::IConfig& config) {
    std::set<const Catch::TestCaseInfo*> found;
#if ISOLITE_CATCH2_VERSION == 3
    for (const test_case& each : all_cases(config)) {
        if (lasts(*(each.*reach(invoker_of_case())))) {
            found.insert(&each.getTestCaseInfo());
        }
    }
#endif
    return found;
}

results::verdict verdict_of(const Catch::Counts& cases) {
#if ISOLITE_CATCH2_VERSION == 3
    if (cases.skipped > 0) {
        return results::verdict::skipped;
    }
#endif
    return cases.failed > 0 ? results::verdict::failed : results::verdict::passed;
}

std::vector<std::string> selection_of(const std::vector<const results::test_case*>& cases) {
    constexpr std::string_view anywhere = ",[]\\";
    constexpr std::string_view in_front = "\"~-";
    constexpr std::string_view exclusion = "exclude:";
    std::string names;
    for (const results::test_case* const each : cases) {
        names += each == cases.front() ? "" : ",";
        std::string name = each->name;
        if (name.compare(0, exclusion.size(), exclusion) == 0) {
            name.front() = '*'; // which cannot be escaped
        }
        for (const char& letter : name) {
            const bool is_first = &letter == name.data();
            const bool is_special = anywhere.find(letter) != std::string_view::npos ||
                                    (is_first && in_front.find(letter) != std::string_view::npos);
            names += is_special ? std::string{'\\', letter} : std::string(1, letter);
        }
    }
    return {names};
}

std::string id_of(const Catch::TestCaseInfo& test) {
    return std::string(test.className) + "\n" + test.name + "\n" + test.tagsAsString();
}

std::map<std::string, std::size_t> positions_in_sources() {
    std::map<std::string, std::size_t> positions;
    for (const test_case& each : Catch::getRegistryHub().getTestCaseRegistry().getAllTests()) {
        positions.emplace(id_of(each.getTestCaseInfo()), positions.size());
    }
    return positions;
}

std::vector<suites::case_to_cut> cases_to_cut(const Catch::IConfig& config) {
    const std::map<std::string, std::size_t> positions = positions_in_sources();
    std::vector<suites::case_to_cut> all(positions.size());
    for (const test_case& each : all_cases(config)) {
        const Catch::TestCaseInfo& test = each.getTestCaseInfo();
        const std::size_t position = positions.at(id_of(test));
        all[position] = {test.name, position};
    }
    return all;
}

} // namespace isolite::catch2
