#include "verify/experiment.hpp"

#include <doctest/doctest.h>

using isolite::verify::experiment;

TEST_CASE("whether a process has ended is known by where processes begin, too") {
    experiment done;
    done.order = {1, 2, 3};
    CHECK_FALSE(done.has_died_before(3));
    done.begins = {0, 2};
    CHECK_FALSE(done.has_died_before(2));
    CHECK(done.has_died_before(3));
}
