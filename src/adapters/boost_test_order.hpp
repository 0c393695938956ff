#pragma once

#include "adapters/boost_test_tree.hpp"

#include <vector>

namespace isolite::boost_test {

/// Lets the tree run in this order of cases, as far as suites stay together and what depends on
/// others comes later.
void order_children(unit_test::test_unit_id root,
                    const std::vector<unit_test::test_unit_id>& order);

/// Forgets where a crash would be, as the framework does at the end of a unit.
void forget_checkpoint();

} // namespace isolite::boost_test
