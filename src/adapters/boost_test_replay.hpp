#pragma once

#include "results/outcome.hpp"

#include <boost/test/tree/test_unit.hpp>

#include <vector>

namespace isolite::boost_test {

/// Lets Boost.Test in the parent run over the tree once more, saying in each unit what was said in
/// a worker: so its own logs and reports, its options, verdicts and exit status are those of a run
/// in one process. No test, fixture or precondition of the user runs.
/// `cases` are the ids of the cases by position. Lifetime: `outcome` outlives the run.
void replay(boost::unit_test::test_unit_id root,
            const std::vector<boost::unit_test::test_unit_id>& cases,
            const results::outcome& outcome);

} // namespace isolite::boost_test
