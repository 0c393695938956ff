#pragma once

#include <string>

namespace isolite::paths {

/// Which files a claim is about, by their names.
/// Shape: as of the shell, but `*` stands for slashes too: `*/pib.db`, `**`. One without a slash is
/// about files of that name in any directory: `*.db`. Another that begins neither with a slash nor
/// with `*` is taken from the working directory: `data/shop.db`.
class file_pattern {
  public:
    /// Says whether a part of a pattern may stand for several names.
    [[nodiscard]] static bool has_wildcard(const std::string& text) {
        return text.find_first_of("*?[\\") != std::string::npos;
    }

    explicit file_pattern(std::string text);

    /// Says whether it is about the file with this full name, or the file that its own name leads
    /// to by links.
    [[nodiscard]] bool matches(const std::string& full_name) const noexcept;

    /// Returns the one file that it names, as it was spelled, or "" where it may name several.
    [[nodiscard]] std::string only_file() const;

  private:
    std::string text_;
    bool any_directory_;
    std::string resolved_; // of one file
};

} // namespace isolite::paths
