#include "text/words.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using isolite::text::counted;
using isolite::text::percentage;
using isolite::text::text_of;

TEST_CASE("of many names the first are listed, and the others counted") {
    using isolite::text::listed;
    CHECK(listed({}).empty());
    CHECK(listed({"a"}) == "a");
    CHECK(listed({"a", "b", "c"}) == "a, b, c");
    CHECK(listed({"a", "b", "c"}, 3) == "a, b, c");
    CHECK(listed({"a", "b", "c", "d"}, 2) == "a, b and 2 more");
}

TEST_CASE("a duration has three digits and the unit that fits") {
    CHECK(text_of(0ns) == "0.00 us");
    CHECK(text_of(1ns) == "0.00 us");
    CHECK(text_of(2134ns) == "2.13 us");
    CHECK(text_of(9994ns) == "9.99 us");
    CHECK(text_of(9996ns) == "10.0 us");
    CHECK(text_of(99'960ns) == "100 us");
    CHECK(text_of(999'400ns) == "999 us");
    CHECK(text_of(999'600ns) == "1.00 ms");
    CHECK(text_of(21'340us) == "21.3 ms");
    CHECK(text_of(999'600us) == "1.00 s");
    CHECK(text_of(12'345s) == "12345 s");
}

TEST_CASE("seconds have as many digits as they need") {
    using isolite::text::seconds_of;
    CHECK(seconds_of(10s) == "10");
    CHECK(seconds_of(300ms) == "0.3");
    CHECK(seconds_of(12'050ms) == "12.05");
    CHECK(seconds_of(1'000'000'001ms) == "1000000.001");
}

TEST_CASE("a noun has its plural, and a part of nothing is nothing") {
    CHECK(counted(1, "case") == "1 case");
    CHECK(counted(0, "case") == "0 cases");
    CHECK(percentage(1ns, 3ns) == "33%");
    CHECK(percentage(1ns, 0ns) == "0%");
}
