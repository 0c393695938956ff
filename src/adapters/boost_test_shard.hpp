#pragma once

#include "suites/adapter.hpp"

#include <boost/test/tree/test_unit.hpp>

namespace isolite::boost_test {

/// Disables the test cases below `root` that are not in the shard of the process. Cases that depend
/// on each other are in one shard, because Boost.Test skips a case whose dependency has not run.
/// Returns how many are left.
[[nodiscard]] suites::adapter::part disable_other_shards(boost::unit_test::test_unit_id root,
                                                         const shard& shard);

} // namespace isolite::boost_test
