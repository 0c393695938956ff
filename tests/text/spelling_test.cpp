#include "text/spelling.hpp"

#include <doctest/doctest.h>

using isolite::text::letters_between;
using isolite::text::letters_between_words;

TEST_CASE("two spellings differ by the letters that have to be typed or deleted") {
    CHECK(letters_between("--workers", "--workers") == 0);
    CHECK(letters_between("--worker", "--workers") == 1);
    CHECK(letters_between("--workers", "-workers") == 1);
    CHECK(letters_between("--wokrers", "--workers") == 2);
    CHECK(letters_between("", "--files") == 7);
    CHECK(letters_between("--files", "") == 7);
}

TEST_CASE("a word and its plural are alike, however that is written") {
    CHECK(letters_between_words("--retry", "--retries") == 0);
    CHECK(letters_between_words("--histories", "--history") == 0);
    CHECK(letters_between_words("--files", "--file") == 1);
    CHECK(letters_between_words("--tries", "--retries") == 2);
    CHECK(letters_between_words("ies", "y") == 3);
}
