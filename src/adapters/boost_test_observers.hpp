#pragma once

#include <boost/test/tree/observer.hpp>

#include <vector>

namespace isolite::boost_test {

/// Returns the observers that the program has registered, without Boost.Test's own and ours. A
/// program that was linked against Boost.Test in front of isolite's library tells nothing of them.
[[nodiscard]] std::vector<boost::unit_test::test_observer*> observers_of_the_user();

} // namespace isolite::boost_test
