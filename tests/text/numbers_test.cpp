#include "text/numbers.hpp"

#include <doctest/doctest.h>

#include <cstdint>

using isolite::text::number_in;

TEST_CASE("a number is digits and nothing around them") {
    CHECK(number_in<unsigned>("0") == 0);
    CHECK(number_in<unsigned>("0042") == 42);
    for (const char* text : {"", " 1", "1 ", "+1", "-1", "0x1", "1.0", "1e3", "one"}) {
        CAPTURE(text);
        CHECK_FALSE(number_in<unsigned>(text));
    }
    CHECK(number_in<int>("-1") == -1);
    CHECK(number_in<int>("17", 8) == 15);
    CHECK_FALSE(number_in<int>("18", 8));
}

TEST_CASE("a number that is too large for its type is none") {
    CHECK(number_in<std::uint32_t>("4294967295") == 4294967295);
    CHECK_FALSE(number_in<std::uint32_t>("4294967296"));
}
