#include "text/table.hpp"

#include <doctest/doctest.h>

using isolite::text::alignment;
using isolite::text::table_lines;
using isolite::text::table_text;

TEST_CASE("the columns of a table are as wide as their widest cell, as a terminal shows it") {
    CHECK(table_text({{"b\u00FCcher", "12", "all"}, {"\u6CE8\u6587", "1"}, {"e\u0301", "100", "-"}},
                     {alignment::left, alignment::right}) == "b\u00FCcher   12  all\n"
                                                             "\u6CE8\u6587      1\n"
                                                             "e\u0301       100  -\n");
    CHECK(table_lines({{"a", "b"}, {"cc", "d"}}) == std::vector<std::string>{"a   b", "cc  d"});
    CHECK(table_text({}) == "");
}

TEST_CASE("a cell stays on its line") {
    CHECK(table_text({{"a\nb"}}) == "a\\nb\n");
}
