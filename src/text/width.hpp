#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace isolite::text {

/// Returns how many columns of a terminal a text on one line takes: a character of the East is two
/// wide, and one that is put on the character before it, such as an accent, takes none.
/// Source: https://www.unicode.org/reports/tr11/
[[nodiscard]] std::size_t width_of(std::string_view text);

/// Returns a text that is at most so wide: a longer one is cut between two characters, and ends in
/// dots.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most);

/// Does so, but cuts the beginning, and begins in dots.
[[nodiscard]] std::string shortened_in_front(std::string_view text, std::size_t most);

} // namespace isolite::text
