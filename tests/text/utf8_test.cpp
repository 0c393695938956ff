#include "text/utf8.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using isolite::text::character_at;
using isolite::text::count_characters;
using isolite::text::printable;
using isolite::text::printable_lines;

namespace {

bool is_character(const std::string& bytes) {
    const isolite::text::character first = character_at(bytes, 0);
    return first.is_valid && first.bytes == bytes;
}

} // namespace

TEST_CASE("the bytes of a character belong together") {
    CHECK(is_character("a"));
    CHECK(is_character("\xC3\xA9"));
    CHECK(is_character("\xE2\x82\xAC"));
    CHECK(is_character("\xF0\x9F\xA6\x86"));
    CHECK(character_at("\xE2\x82\xAC", 0).code == 0x20AC);
    CHECK(count_characters("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\xA6\x86") == 4);
}

TEST_CASE("what is not UTF-8 is taken byte by byte") {
    for (const char* bytes : {"\xA9", "\xC3", "\xC3(", "\xFF", "\xC0\xAF", "\xE0\x80\xAF",
                              "\xF0\x80\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80"}) {
        CAPTURE(isolite::text::printable(bytes));
        CHECK_FALSE(character_at(bytes, 0).is_valid);
        CHECK(character_at(bytes, 0).bytes.size() == 1);
    }
}

TEST_CASE("a character does not reach beyond the end of the text") {
    const std::string_view cut = std::string_view("\xE2\x82\xAC").substr(0, 2);
    CHECK_FALSE(character_at(cut, 0).is_valid);
    CHECK(count_characters(cut) == 2);
}

TEST_CASE("a printable text stays on its line and has no control characters") {
    CHECK(printable("a\xC3\xA9 b\\x") == "a\xC3\xA9 b\\x");
    CHECK(printable("a\nb\tc\rd\x1B[2J\x7F") == R"(a\nb\tc\rd\x1b[2J\x7f)");
    CHECK(printable("\xC2\x9B"
                    "2J\xE2\x80\xA8\xFF") == R"(\xc2\x9b2J\xe2\x80\xa8\xff)");
    CHECK(printable(std::string("a\0b", 3)) == R"(a\x00b)");
    CHECK(printable(printable("\x1B\n")) == R"(\x1b\n)");
}

TEST_CASE("printable lines stay lines") {
    CHECK(printable_lines("a\x1B\n\n  b\r\n") == "a\\x1b\n\n  b\\r\n");
    CHECK(printable_lines("") == "");
}

TEST_CASE("lines are indented, those that are not empty, and end") {
    using isolite::text::indented;
    CHECK(indented("", 2) == "");
    CHECK(indented("a\n\nb\x1B", 2) == "  a\n\n  b\\x1b\n");
    CHECK(indented("a\n", 4) == "    a\n");
}
