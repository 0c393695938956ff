#include "text/width.hpp"

#include <doctest/doctest.h>

using isolite::text::shortened;
using isolite::text::width_of;

TEST_CASE("the width of a text is what a terminal shows of it") {
    CHECK(width_of("") == 0);
    CHECK(width_of("orders") == 6);
    CHECK(width_of("b\u00FCcher") == 6);
    CHECK(width_of("\u6CE8\u6587") == 4);
    CHECK(width_of("\uD55C\uAE00 \uFF21") == 7);
    CHECK(width_of("e\u0301") == 1);
    CHECK(width_of("\U0001F986") == 2);
    CHECK(width_of("\xFF\xE6") == 2); // a terminal shows something for each
}

TEST_CASE("a text that is too wide is cut between two characters and ends in dots") {
    CHECK(shortened("orders", 6) == "orders");
    CHECK(shortened("orders", 5) == "or...");
    CHECK(shortened("orders", 2) == "..");
    CHECK(shortened("orders", 0) == "");
    CHECK(shortened("\u6CE8\u6587\u6CE8\u6587", 8) == "\u6CE8\u6587\u6CE8\u6587");
    CHECK(shortened("\u6CE8\u6587\u6CE8\u6587", 7) == "\u6CE8\u6587...");
    CHECK(shortened("\u6CE8\u6587\u6CE8\u6587", 6) == "\u6CE8...");
    CHECK(shortened("e\u0301e\u0301e\u0301e\u0301e\u0301", 4) == "e\u0301...");
}
