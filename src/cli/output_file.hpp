#pragma once

#include <isolite/error.hpp>

#include <string>

namespace isolite::cli {

/// Writes a file, or stdout if it is called "-". A regular file appears complete or not at all: the
/// text is written to another one beside it, which takes its place.
/// Errors: errc::system. What was there before is still there then.
[[nodiscard]] result<void> write_output(const std::string& path, const std::string& text);

} // namespace isolite::cli
