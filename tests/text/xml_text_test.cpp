#include "text/xml_text.hpp"

#include <doctest/doctest.h>

#include <string>

using isolite::text::xml_attribute;
using isolite::text::xml_text;

TEST_CASE("what XML gives a meaning is escaped") {
    CHECK(xml_text("a < b && b > \"c\" ]]> 'd'") ==
          "a &lt; b &amp;&amp; b &gt; &quot;c&quot; ]]&gt; 'd'");
    CHECK(xml_attribute("<\"&\">") == "&lt;&quot;&amp;&quot;&gt;");
}

TEST_CASE("white space reaches the reader as it is") {
    CHECK(xml_text("a\tb\nc\rd") == "a\tb\nc&#13;d");
    CHECK(xml_attribute("a\tb\nc\rd") == "a&#9;b&#10;c&#13;d");
}

TEST_CASE("characters that XML knows are kept") {
    const std::string known =
        "\x7F\xC2\x85\xC3\xA9\xE2\x82\xAC\xEE\x80\x80\xEF\xBF\xBD\xF0\x9F\xA6\x86"
        "\xF4\x8F\xBF\xBF";
    CHECK(xml_text(known) == known);
}

TEST_CASE("characters that XML does not know become visible") {
    CHECK(xml_text(std::string("a\0b", 3)) == "a\\x00b");
    CHECK(xml_text("\x1B[31m\x01\x0C\x1F") == "\\x1b[31m\\x01\\x0c\\x1f");
    CHECK(xml_text("\xEF\xBF\xBE\xEF\xBF\xBF") == "\\xef\\xbf\\xbe\\xef\\xbf\\xbf");
}

TEST_CASE("bytes that are not UTF-8 become visible") {
    CHECK(xml_text("a\xFF\xC3(") == "a\\xff\\xc3(");
    CHECK(xml_text("\xED\xA0\x80") == "\\xed\\xa0\\x80");
    CHECK(xml_attribute("\xE2\x82") == "\\xe2\\x82");
}
