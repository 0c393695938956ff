#pragma once

#include <boost/test/tree/test_unit.hpp>

#include <map>
#include <string>
#include <vector>

/// Boost.Test's tree of suites and cases, with what it lets nobody else change. A process that runs
/// only some of the cases, or that only repeats what was said in another one, has to.
namespace isolite::boost_test {

namespace unit_test = boost::unit_test;

/// Returns the value of a property, to be written.
template <typename Value>
Value& writable(const unit_test::class_property<Value>& property) {
    struct opened : unit_test::class_property<Value> {
        using unit_test::class_property<Value>::value;
    };
    return const_cast<Value&>(property.*(&opened::value));
}

using ranked_children = std::multimap<unit_test::counter_t, unit_test::test_unit_id>;

/// Returns the units of a suite in the order in which they run.
ranked_children& children_of(unit_test::test_suite& suite);

/// Returns the enabled cases below a unit in the order of their declaration; the unit itself if it
/// is a case.
[[nodiscard]] std::vector<unit_test::test_unit_id> enabled_cases(unit_test::test_unit_id unit);

/// Returns the enabled suites below a unit, itself included, the outermost first.
[[nodiscard]] std::vector<unit_test::test_unit_id> enabled_suites(unit_test::test_unit_id unit);

/// Return the same, whether enabled or not.
[[nodiscard]] std::vector<unit_test::test_unit_id> all_cases(unit_test::test_unit_id unit);
[[nodiscard]] std::vector<unit_test::test_unit_id> all_suites(unit_test::test_unit_id unit);

/// Returns what a precondition says to keep a unit from running, maybe without a reason.
[[nodiscard]] boost::test_tools::assertion_result refusal(const std::string& reason);

/// Lets a precondition be the first that is asked.
void ask_first(unit_test::test_unit& unit, unit_test::test_unit::precondition_t precondition);

/// Returns the full name of a suite, "" for the outermost one.
[[nodiscard]] std::string name_of_suite(const unit_test::test_unit& suite);

/// Returns the unit of an id.
[[nodiscard]] unit_test::test_unit& unit_of(unit_test::test_unit_id id);

} // namespace isolite::boost_test
