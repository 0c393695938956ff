#include "text/spelling.hpp"

#include <doctest/doctest.h>

using isolite::text::letters_between;

TEST_CASE("two spellings differ by the letters that have to be typed or deleted") {
    CHECK(letters_between("--workers", "--workers") == 0);
    CHECK(letters_between("--worker", "--workers") == 1);
    CHECK(letters_between("--workers", "-workers") == 1);
    CHECK(letters_between("--wokrers", "--workers") == 2);
    CHECK(letters_between("", "--files") == 7);
    CHECK(letters_between("--files", "") == 7);
}
