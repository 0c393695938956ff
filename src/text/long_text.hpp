#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace isolite::text {

/// How much of the beginning, and of the end, of a long text is kept. Readers of XML refuse texts
/// of 10 million bytes, and an escaped byte has up to six.
/// Units: bytes.
constexpr std::size_t most_of_an_end = std::size_t{256} * 1024;

/// The same for what should be one line. Units: bytes.
constexpr std::size_t most_of_an_end_of_a_line = 1000;

/// Returns what stands for bytes that are left out.
[[nodiscard]] std::string note_of_gap(std::size_t bytes);

/// Returns the text; of a long one the beginning and the end, of so many bytes each, cut between
/// two characters.
[[nodiscard]] std::string without_middle(std::string_view text,
                                         std::size_t end_bytes = most_of_an_end);

/// Does so with its first line, shorter.
[[nodiscard]] std::string first_line(std::string_view text);

} // namespace isolite::text
