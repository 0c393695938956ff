#pragma once

#include <string>
#include <string_view>

namespace isolite::text {

/// Returns a text as the content of an XML element.
///
/// A character that XML 1.0 does not know, not even escaped, becomes visible text: "\x1b" for each
/// of its bytes. So do bytes that are not UTF-8.
/// Source: https://www.w3.org/TR/xml/#charsets
[[nodiscard]] std::string xml_text(std::string_view text);

/// Returns a text as the value of an attribute between double quotes; tabs and ends of lines stay
/// what they are.
[[nodiscard]] std::string xml_attribute(std::string_view text);

} // namespace isolite::text
