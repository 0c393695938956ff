#include "adapters/boost_test_tree.hpp"

#include <boost/test/framework.hpp>
#include <boost/test/tree/traverse.hpp>
#include <boost/test/tree/visitor.hpp>

namespace isolite::boost_test {

namespace {

using unit_test::test_unit_id;

class tree_listing final : public unit_test::test_tree_visitor {
  public:
    void visit(const unit_test::test_case& unit) override { cases.push_back(unit.p_id); }
    bool test_suite_start(const unit_test::test_suite& unit) override {
        suites.push_back(unit.p_id);
        return true;
    }

    std::vector<test_unit_id> cases;
    std::vector<test_unit_id> suites;
};

tree_listing list_tree(test_unit_id unit, bool also_disabled) {
    tree_listing listed;
    unit_test::traverse_test_tree(unit, listed, also_disabled);
    return listed;
}

} // namespace

ranked_children& children_of(unit_test::test_suite& suite) {
    struct opened : unit_test::test_suite {
        using unit_test::test_suite::m_ranked_children;
    };
    return suite.*(&opened::m_ranked_children);
}

std::vector<test_unit_id> enabled_cases(test_unit_id unit) {
    return list_tree(unit, false).cases;
}

std::vector<test_unit_id> enabled_suites(test_unit_id unit) {
    return list_tree(unit, false).suites;
}

std::vector<test_unit_id> all_cases(test_unit_id unit) {
    return list_tree(unit, true).cases;
}

std::vector<test_unit_id> all_suites(test_unit_id unit) {
    return list_tree(unit, true).suites;
}

boost::test_tools::assertion_result refusal(const std::string& reason) {
    boost::test_tools::assertion_result refused(false);
    if (!reason.empty()) {
        refused.message() << reason;
    }
    return refused;
}

void ask_first(unit_test::test_unit& unit, unit_test::test_unit::precondition_t precondition) {
    auto& all = writable(unit.p_preconditions);
    all.insert(all.begin(), std::move(precondition));
}

std::string name_of_suite(const unit_test::test_unit& suite) {
    return suite.p_parent_id == unit_test::INV_TEST_UNIT_ID ? "" : suite.full_name();
}

unit_test::test_unit& unit_of(test_unit_id id) {
    return unit_test::framework::get(id, unit_test::TUT_ANY);
}

} // namespace isolite::boost_test
