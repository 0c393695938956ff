#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace isolite::text {

/// Returns a part of a file's name: letters, digits and what is in `kept` stay. All else becomes a
/// hyphen, since it may be special to shells or file systems. Shape: at most `longest` bytes.
[[nodiscard]] std::string file_name(const std::string& text, std::size_t longest,
                                    std::string_view kept);

/// Returns a name of a file that no other text has. Shape: small letters, digits and hyphens, and
/// _xx for each other byte: at most three times as long as the text.
[[nodiscard]] std::string unique_file_name(const std::string& text);

} // namespace isolite::text
