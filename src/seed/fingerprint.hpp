#pragma once

#include "seed/checksum.hpp"

#include <isolite/error.hpp>
#include <isolite/seed.hpp>

#include <string>

namespace isolite::seeds {

class image_cache;

/// Names the content of the database that a seed makes: everything it depends on, as far as isolite
/// sees it. That is the texts of the seed in order, the names and versions of its steps, the builds
/// that are loaded unless the versions hold across them, the source id and compile-time options of
/// SQLite, which decide page size, encoding and other defaults, and the format of isolite's images.
/// A seed that sets these itself does so in its texts.
class fingerprint {
  public:
    explicit fingerprint(const seed& seed);

    /// Adds the next part: a step, or a text of which the checksum is known.
    void add_step(const seed::part& step);
    void add_text(const std::string& checksum);

    /// Shape: 32 hexadecimal digits, the 128 bits of XXH3.
    [[nodiscard]] std::string text() const { return sum_.text(); }

  private:
    void add(const std::string& text);

    checksum sum_;
    std::string builds_; // those of the beginning: a step may load more
};

/// Returns the fingerprint of a seed as its files are, or as the records of the cache say that they
/// are; null for no cache.
/// Errors: errc::seed for a file that cannot be read.
[[nodiscard]] result<std::string> fingerprint_of(const seed& seed,
                                                 const image_cache* cache = nullptr);

/// Returns why nobody can tell whether an image of the seed is still true, "" if one can.
[[nodiscard]] std::string why_private(const seed& seed);

} // namespace isolite::seeds
