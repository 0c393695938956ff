#include "adapters/boost_test_cases.hpp"

#include "adapters/boost_test_tree.hpp"
#include "suites/running_suite.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace isolite::boost_test {

namespace {

using unit_test::test_unit_id;

/// Returns the positions of the cases that a case depends on, also by a suite around it.
std::vector<std::size_t> needs_of(test_unit_id id,
                                  const std::map<test_unit_id, std::size_t>& positions) {
    std::vector<std::size_t> needs;
    for (; id != unit_test::INV_TEST_UNIT_ID; id = unit_of(id).p_parent_id) {
        for (const test_unit_id other : unit_of(id).p_dependencies.get()) {
            for (const test_unit_id needed : enabled_cases(other)) {
                if (const auto found = positions.find(needed); found != positions.end()) {
                    needs.push_back(found->second);
                }
            }
        }
    }
    return needs;
}

/// What depends on a case that runs alone can only run after it.
void run_after_serial_ones(std::vector<results::test_case>& cases) {
    for (bool changed = true; changed;) {
        changed = false;
        for (results::test_case& each : cases) {
            const bool waits =
                std::any_of(each.needs.begin(), each.needs.end(),
                            [&cases](std::size_t needed) { return cases[needed].serial; });
            changed = changed || (waits && !each.serial);
            each.serial = each.serial || waits;
        }
    }
}

} // namespace

results::test_case described(const unit_test::test_unit& unit) {
    results::test_case made;
    made.name = unit.full_name();
    made.suite = name_of_suite(unit_of(unit.p_parent_id));
    made.file.assign(unit.p_file_name.begin(), unit.p_file_name.size());
    made.line = static_cast<unsigned>(unit.p_line_num);
    made.timeout = std::chrono::seconds(unit.p_timeout.get());
    for (test_unit_id id = unit.p_id; id != unit_test::INV_TEST_UNIT_ID;
         id = unit_of(id).p_parent_id) {
        if (const auto found = marks_of_units().find(id); found != marks_of_units().end()) {
            suites::apply(found->second, made);
        }
    }
    return made;
}

std::vector<results::test_case> cases_of_run(const std::vector<test_unit_id>& ids,
                                             const std::map<test_unit_id, std::size_t>& positions) {
    std::vector<results::test_case> cases;
    cases.reserve(ids.size());
    for (const test_unit_id id : ids) {
        cases.push_back(described(unit_of(id)));
        cases.back().needs = needs_of(id, positions);
    }
    run_after_serial_ones(cases);
    return cases;
}

} // namespace isolite::boost_test
