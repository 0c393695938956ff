#pragma once

#include "results/test_case.hpp"

#include <isolite/case_marks.hpp>

#include <boost/test/tree/test_unit.hpp>

#include <cstddef>
#include <map>
#include <vector>

namespace isolite::boost_test {

/// Returns what decorators say of each unit.
[[nodiscard]] std::map<boost::unit_test::test_unit_id, case_marks>& marks_of_units();

/// Returns what the run must know of a case, but for what it needs.
[[nodiscard]] results::test_case described(const boost::unit_test::test_unit& unit);

/// Returns what the run must know of these cases, which are all that may run. `positions` are those
/// of the ids.
[[nodiscard]] std::vector<results::test_case>
cases_of_run(const std::vector<boost::unit_test::test_unit_id>& ids,
             const std::map<boost::unit_test::test_unit_id, std::size_t>& positions);

} // namespace isolite::boost_test
