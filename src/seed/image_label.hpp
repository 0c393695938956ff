#pragma once

#include "seed/image_file.hpp"

#include <optional>

namespace isolite {

/// Returns the lines of a label, without that of its checksum.
[[nodiscard]] std::string unsigned_text(const image_label& label);

/// Returns all lines of a label. Shape: less than a page.
[[nodiscard]] std::string text_of(const image_label& label);

/// Reads the lines again; nothing if they are not a label of ours.
[[nodiscard]] std::optional<image_label> parse_label(const std::string& page);

} // namespace isolite
