#pragma once

#include "suites/shard_cut.hpp"

#include <boost/test/tree/test_unit.hpp>

#include <vector>

namespace isolite::boost_test {

/// Returns all test cases below `root`. Cases that depend on each other are in one group, because
/// Boost.Test skips a case whose dependency has not run.
[[nodiscard]] std::vector<suites::case_to_cut> cases_to_cut(boost::unit_test::test_unit_id root);

/// Disables those that are in other shards.
void disable_other_shards(boost::unit_test::test_unit_id root, const std::vector<bool>& is_own);

} // namespace isolite::boost_test
