#include "adapters/boost_test_shard.hpp"

#include <boost/test/framework.hpp>
#include <boost/test/tree/test_case_counter.hpp>
#include <boost/test/tree/traverse.hpp>
#include <boost/test/tree/visitor.hpp>

#include <map>
#include <vector>

namespace isolite::boost_test {

namespace {

namespace unit_test = boost::unit_test;
using unit_test::test_unit_id;

/// Lists the cases below a unit in the order of their declaration, and the units with
/// dependencies, whether enabled or not: a shard must not depend on the filters.
class listing final : public unit_test::test_tree_visitor {
  public:
    void visit(const unit_test::test_case& unit) override {
        cases.push_back(unit.p_id);
        note_dependencies(unit);
    }
    bool test_suite_start(const unit_test::test_suite& unit) override {
        note_dependencies(unit);
        return true;
    }

    std::vector<test_unit_id> cases;
    std::vector<test_unit_id> dependent;

  private:
    void note_dependencies(const unit_test::test_unit& unit) {
        if (!unit.p_dependencies.get().empty()) {
            dependent.push_back(unit.p_id);
        }
    }
};

listing list(test_unit_id root) {
    listing listed;
    unit_test::traverse_test_tree(root, listed, true);
    return listed;
}

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

dependency_groups groups_of(const listing& listed) {
    dependency_groups groups;
    for (const test_unit_id unit : listed.dependent) {
        std::vector<test_unit_id> together = list(unit).cases;
        for (const test_unit_id other :
             unit_test::framework::get(unit, unit_test::TUT_ANY).p_dependencies.get()) {
            const auto cases = list(other).cases;
            together.insert(together.end(), cases.begin(), cases.end());
        }
        if (!together.empty()) {
            groups.join(together);
        }
    }
    return groups;
}

/// Disables the suites of which no case runs, because their fixtures would be made for nobody.
class disabling_of_empty_suites final : public unit_test::test_tree_visitor {
  public:
    void visit(const unit_test::test_case& unit) override {
        runs_.back() = runs_.back() || unit.is_enabled();
    }
    bool test_suite_start(const unit_test::test_suite& /*unit*/) override {
        runs_.push_back(false);
        return true;
    }
    void test_suite_finish(const unit_test::test_suite& unit) override {
        const bool runs = runs_.back();
        runs_.pop_back();
        if (runs_.empty()) {
            return; // a run without any case is no failure, but a disabled one would be
        }
        runs_.back() = runs_.back() || runs;
        if (!runs) {
            unit_test::framework::get(unit.p_id, unit_test::TUT_SUITE).p_run_status.value =
                unit_test::test_unit::RS_DISABLED;
        }
    }

  private:
    std::vector<bool> runs_; // the innermost suite last
};

} // namespace

suites::adapter::part disable_other_shards(test_unit_id root, const shard& shard) {
    const listing all = list(root);
    dependency_groups groups = groups_of(all);
    std::map<test_unit_id, std::size_t> positions; // of the leaders, dense
    std::size_t own = 0;
    for (const test_unit_id unit : all.cases) {
        const auto position = positions.emplace(groups.leader(unit), positions.size()).first;
        if (shard.contains(position->second)) {
            ++own;
        } else {
            unit_test::framework::get(unit, unit_test::TUT_CASE).p_run_status.value =
                unit_test::test_unit::RS_DISABLED;
        }
    }
    disabling_of_empty_suites empty;
    unit_test::traverse_test_tree(root, empty, true);
    return {own, all.cases.size()};
}

} // namespace isolite::boost_test
