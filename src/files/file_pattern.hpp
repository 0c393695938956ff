#pragma once

#include <isolite/error.hpp>

#include <string>

namespace isolite::paths {

/// Which files a claim is about, by their names.
/// Shape: as of the shell, but `*` stands for slashes too: `*/pib.db`, `**`. One with wildcards and
/// without a slash is about files of such names in any directory: `*.db`. Another that begins
/// neither with a slash nor with `*` is taken from the working directory: `shop.db`, `data/*.db`.
class file_pattern {
  public:
    /// Says whether a part of a pattern may stand for several names.
    [[nodiscard]] static bool has_wildcard(const std::string& text);

    /// Errors: errc::usage for a text that can be no name of a file.
    [[nodiscard]] static result<void> check(const std::string& text);

    /// Requires: a text that `check` has nothing against.
    explicit file_pattern(const std::string& text);

    /// Says whether it is about the file with this full name, or the file that its own name, or
    /// that of its directory, leads to by links.
    [[nodiscard]] bool matches(const std::string& full_name) const noexcept;

    /// Returns the one file that it names, as it was spelled, or "" where it may name several.
    [[nodiscard]] const std::string& only_file() const noexcept { return only_file_; }

  private:
    std::string pattern_; // with what the working directory is in front
    bool any_directory_;
    std::string only_file_;
    std::string resolved_; // the same where links in front lead elsewhere, else ""
};

} // namespace isolite::paths
