#include "text/long_text.hpp"

#include <doctest/doctest.h>

#include <string>

using isolite::text::first_line;
using isolite::text::most_of_an_end;
using isolite::text::most_of_an_end_of_a_line;
using isolite::text::without_middle;

TEST_CASE("a text is kept whole up to a limit, and its first line up to a smaller one") {
    const std::string text(2 * most_of_an_end, 'x');
    CHECK(without_middle(text) == text);
    CHECK(without_middle("one\ntwo") == "one\ntwo");
    const std::string line(2 * most_of_an_end_of_a_line, 'x');
    CHECK(first_line(line + "\nmore") == line);
    CHECK(first_line("") == "");
}

TEST_CASE("of a longer text the beginning and the end are kept, and it says so") {
    const std::string begin(most_of_an_end, 'b');
    const std::string end(most_of_an_end, 'e');
    CHECK(without_middle(begin + "12345" + end) ==
          begin + "\n[isolite: 5 bytes are left out here]\n" + end);
    const std::string line_begin(most_of_an_end_of_a_line, 'b');
    const std::string line_end(most_of_an_end_of_a_line, 'e');
    CHECK(first_line(line_begin + "12" + line_end + "\nmore") ==
          line_begin + " [isolite: 2 bytes are left out here] " + line_end);
}

TEST_CASE("a text is cut between two characters") {
    const std::string begin(most_of_an_end_of_a_line - 1, 'b');
    const std::string end(most_of_an_end_of_a_line - 1, 'e');
    CHECK(first_line(begin + "äö" + end) == begin + " [isolite: 4 bytes are left out here] " + end);
    // What is no UTF-8 has no such place: a few bytes more or less are left out.
    const std::string no_text(3 * most_of_an_end_of_a_line, '\x80');
    CHECK(first_line(no_text).find("[isolite: ") != std::string::npos);
}

TEST_CASE("ends that are shorter than a character are no reason to read outside of the text") {
    const std::string no_text(8, '\x80');
    CHECK(without_middle(no_text, 1).find("8 bytes are left out") != std::string::npos);
    CHECK(without_middle("abc", 0) == "\n[isolite: 3 bytes are left out here]\n");
}
