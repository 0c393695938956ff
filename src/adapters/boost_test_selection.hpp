#pragma once

#include "results/test_case.hpp"

#include <boost/test/tree/test_unit.hpp>

#include <string>
#include <vector>

namespace isolite::boost_test {

/// Returns the options by which Boost.Test runs only some of the cases, of the command line or else
/// of the environment, spelled in full.
[[nodiscard]] std::vector<std::string> filters_of_boost_test();

/// Returns the option by which Boost.Test runs these cases below a suite, and what they depend on,
/// without which it would skip them.
[[nodiscard]] std::vector<std::string>
selection_of(const std::vector<const results::test_case*>& cases,
             boost::unit_test::test_unit_id root);

} // namespace isolite::boost_test
