#include "adapters/catch2_cases.hpp"

#include "suites/running_suite.hpp"

#include <set>

namespace isolite::catch2 {

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

} // namespace isolite::catch2
