#include "adapters/boost_test_shard.hpp"

#include "adapters/boost_test_tree.hpp"

#include <map>
#include <vector>

namespace isolite::boost_test {

namespace {

using unit_test::test_unit_id;

/// Sets of cases that depend on each other; each is named by one of its cases.
class dependency_groups {
  public:
    test_unit_id leader(test_unit_id unit) {
        const auto found = leaders_.find(unit);
        return found == leaders_.end() ? unit : found->second = leader(found->second);
    }

    void join(const std::vector<test_unit_id>& cases) {
        for (const test_unit_id unit : cases) {
            const test_unit_id from = leader(unit);
            const test_unit_id to = leader(cases.front());
            if (from != to) {
                leaders_[from] = to;
            }
        }
    }

  private:
    std::map<test_unit_id, test_unit_id> leaders_;
};

/// Of all cases, enabled or not: a shard must not depend on the filters.
dependency_groups groups_of(test_unit_id root, const std::vector<test_unit_id>& cases) {
    dependency_groups groups;
    std::vector<test_unit_id> units = all_suites(root);
    units.insert(units.end(), cases.begin(), cases.end());
    for (const test_unit_id unit : units) {
        const std::vector<test_unit_id>& dependencies = unit_of(unit).p_dependencies;
        if (dependencies.empty()) {
            continue;
        }
        std::vector<test_unit_id> together = all_cases(unit);
        for (const test_unit_id other : dependencies) {
            const std::vector<test_unit_id> needed = all_cases(other);
            together.insert(together.end(), needed.begin(), needed.end());
        }
        if (!together.empty()) {
            groups.join(together);
        }
    }
    return groups;
}

void disable(test_unit_id unit) {
    unit_of(unit).p_run_status.value = unit_test::test_unit::RS_DISABLED;
}

} // namespace

std::vector<suites::case_to_cut> cases_to_cut(test_unit_id root) {
    const std::vector<test_unit_id> cases = all_cases(root);
    dependency_groups groups = groups_of(root, cases);
    std::map<test_unit_id, std::size_t> numbers; // of the leaders
    std::vector<suites::case_to_cut> all;
    for (const test_unit_id unit : cases) {
        const auto number = numbers.emplace(groups.leader(unit), numbers.size()).first;
        all.push_back({unit_of(unit).full_name(), number->second});
    }
    return all;
}

void disable_other_shards(test_unit_id root, const std::vector<bool>& is_own) {
    const std::vector<test_unit_id> cases = all_cases(root);
    for (std::size_t position = 0; position < cases.size(); ++position) {
        if (!is_own[position]) {
            disable(cases[position]);
        }
    }
    for (const test_unit_id suite : enabled_suites(root)) {
        // Its fixtures would be made for nobody. A run without any case is no failure, but a
        // disabled one would be.
        if (suite != root && enabled_cases(suite).empty()) {
            disable(suite);
        }
    }
}

} // namespace isolite::boost_test
