#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace isolite::os {

/// Reads a regular file. Errors: a value of errno.
[[nodiscard]] tl::expected<std::string, int> read_whole_file(const std::string& path);

/// Gives a file this content: it has the old one or all of the new one, whatever happens. Another
/// file is written beside it and takes its name and its permissions; a link is lost.
/// One that was missing gets these permissions, as far as the umask lets it. Returns 0, or a value
/// of errno; then nothing is left behind.
[[nodiscard]] int replace_file(const std::string& path, std::string_view content,
                               unsigned permissions = 0666);

/// Writes to what is there, which may be a pipe or a device. Returns as `replace_file`.
[[nodiscard]] int write_to_file(const std::string& path, std::string_view content);

/// Gives any file this content: a regular one, also behind a link, as `replace_file`; a pipe or a
/// device is written to. Returns as `replace_file`.
[[nodiscard]] int write_whole_file(const std::string& path, std::string_view content);

} // namespace isolite::os
