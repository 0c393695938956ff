#pragma once

#include <isolite/cache_settings.hpp>
#include <isolite/error.hpp>
#include <isolite/seed.hpp>

#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

namespace isolite::seeds {

/// An image in the cache, as a listing shows it.
struct cached_image {
    std::string path;
    std::string project;
    std::string seed;          ///< Its name, "" when the file cannot be trusted.
    std::string sqlite;        ///< The version of SQLite that wrote it.
    std::string objection;     ///< Why it would not be used, "" if it would.
    std::uint64_t bytes = 0;   ///< Of the file.
    std::time_t built = 0;     ///< Units: seconds of the system's clock.
    std::time_t last_used = 0; ///< To a minute.
};

[[nodiscard]] std::uint64_t size_of(const std::vector<cached_image>& images);

/// The directory of a project's images, and what belongs to each: `NAME.db` the image,
/// `NAME.db.used` its record, and while somebody builds it `NAME.lock`, `NAME.status`, `NAME.new`.
/// Beside them `FILE-HASH.text`, the record of an SQL file.
class image_cache {
  public:
    /// Requires: effective settings that keep images.
    explicit image_cache(cache_settings settings);

    /// Makes sure that the directory exists and is private to this user.
    /// Errors: errc::system.
    [[nodiscard]] result<void> make() const;

    /// Returns what the paths of an image's files begin with.
    [[nodiscard]] std::string stem_of(const std::string& seed_name,
                                      const std::string& fingerprint) const;

    /// Returns the path of the record of an SQL file.
    [[nodiscard]] std::string text_record_of(const std::string& path) const;

    /// Removes the records of a seed's files: one of them is wrong.
    void forget_texts_of(const seed& seed) const;

    /// Returns the run that must have built an image, "" if any may. Shape: hexadecimal digits.
    /// Errors: those of `worker::current`, when images must be fresh.
    [[nodiscard]] result<std::string> run() const;

    /// Removes what was not used for longer than the age allows, then what was not used for longest
    /// until the size is within its bound. Never removes what is in use or was used in the last
    /// seconds. Also removes what builders that were killed left, and the records of SQL files that
    /// are too old. Returns which images were removed.
    std::vector<cached_image> prune() const;

    /// Removes all images that nobody uses, whatever the bounds, and what builders that were killed
    /// left. Returns what was removed. Processes: whoever needs an image next builds it again.
    std::vector<cached_image> clear() const;

    /// Returns the images of the project, the one used last first. It may be empty.
    [[nodiscard]] std::vector<cached_image> images() const;

    /// Returns the projects that have a directory in the cache, in order.
    [[nodiscard]] std::vector<std::string> projects() const;

    /// Returns the directory of the project.
    [[nodiscard]] std::string directory() const;

    [[nodiscard]] const cache_settings& settings() const noexcept { return settings_; }

  private:
    cache_settings settings_;
};

} // namespace isolite::seeds
