#pragma once

#include "os/lock_file.hpp"

#include <isolite/error.hpp>

#include <mutex>
#include <optional>
#include <string>

namespace isolite::seeds {

/// Who builds an image holds the lock of `STEM.lock`, writes the image to `STEM.new`, and tells
/// those who wait how it went in `STEM.status`. All three are gone when nobody builds, unless the
/// builder was killed or failed.
inline constexpr const char* lock_suffix = ".lock";
inline constexpr const char* status_suffix = ".status";

inline constexpr os::purpose sharing_images = {"share images", "ISOLITE_CACHE"};

/// What the file `STEM.status` says.
struct build_status {
    enum class kind {
        building, ///< Process `pid` is at it, or was killed.
        failed,   ///< The seed cannot be applied: those who waited fail alike.
        unkept,   ///< The image cannot be written: those who waited seed for themselves.
    };
    kind what = kind::building;
    std::string attempt; ///< Differs for each time that anybody begins to build.
    long pid = 0;
    error problem; ///< Of the two others.
};

/// Writes the status. It takes its space on the disk when it is written first, so that a builder
/// that finds the disk full later can still say so.
/// Errors: errc::system.
[[nodiscard]] result<void> write_status(const std::string& stem, const build_status& status);

/// Reads the status; nothing when there is none or it is being written.
[[nodiscard]] std::optional<build_status> read_status(const std::string& stem);

/// Returns the mutex of the threads of this process that deal with the lock file of an image: the
/// lock itself is held by a process.
[[nodiscard]] std::recursive_mutex& mutex_of(const std::string& stem);

/// Removes what builders left that were killed, unless somebody is building.
void remove_leftovers(const std::string& stem);

/// Removes the files of a build. Requires: the caller holds the lock.
void remove_building_files(const std::string& stem);

} // namespace isolite::seeds
