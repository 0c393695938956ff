#pragma once

#include "results/outcome.hpp"

#include <boost/test/tree/test_unit.hpp>

#include <vector>

namespace isolite::boost_test {

/// Enters the results of cases that passed, and takes the cases out of the run of the parent, if no
/// log would say a word of them: Boost.Test installs its handlers of signals for each case, and
/// that costs more than all else. `cases` are the ids of the cases by position.
void enter_silent_cases(boost::unit_test::test_unit_id root,
                        const std::vector<boost::unit_test::test_unit_id>& cases,
                        const results::outcome& outcome);

} // namespace isolite::boost_test
