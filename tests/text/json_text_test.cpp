#include "text/json_text.hpp"

#include <doctest/doctest.h>

#include <string>

using isolite::text::json_text;

TEST_CASE("a text in JSON is one line in quotes, whatever it has") {
    CHECK(json_text("") == "\"\"");
    CHECK(json_text("Müller & Söhne") == "\"Müller & Söhne\"");
    CHECK(json_text("a \"b\" c:\\d") == "\"a \\\"b\\\" c:\\\\d\"");
    CHECK(json_text("a\n\t\x1b\x7f") == "\"a\\u000a\\u0009\\u001b\\u007f\"");
    CHECK(json_text(std::string("a\0b", 3)) == "\"a\\u0000b\"");
    CHECK(json_text("a\xFF\xC3") == "\"a??\"");
}
