#pragma once

#include <isolite/visibility.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace isolite::text {

/// One character of a text that claims to be UTF-8; what is not is taken byte by byte.
struct character {
    std::string_view bytes;
    char32_t code = 0;
    bool is_valid = false;
};

/// Returns the character that begins at a byte of the text.
///
/// Requires: `position` is less than the size of the text.
[[nodiscard]] character character_at(std::string_view text, std::size_t position);

/// Says whether no character of UTF-8 begins with this byte of the text.
[[nodiscard]] bool is_continuation(std::string_view text, std::size_t position);

[[nodiscard]] std::size_t count_characters(std::string_view text);

/// Says whether a terminal or an editor may begin a new line here, or does something else than
/// to show a character.
[[nodiscard]] bool breaks_the_line(char32_t code);

/// Returns bytes as digits, \x1b for one.
[[nodiscard]] std::string hexadecimal_escape(std::string_view bytes);

/// Returns the text on one line: what is not shown as a character, and would end the line or
/// command the terminal, is escaped as in C++. Text that was escaped already stays as it is.
[[nodiscard]] std::string printable(std::string_view text);

/// Does so with each line of a text.
[[nodiscard]] ISOLITE_API std::string printable_lines(std::string_view text);

/// Does so, with as many blanks in front of each line that is not empty. Shape: whole lines.
[[nodiscard]] ISOLITE_API std::string indented(std::string_view lines, std::size_t blanks);

} // namespace isolite::text
