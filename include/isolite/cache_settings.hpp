#pragma once

#include <isolite/visibility.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace isolite {

/// Where the images of seeds are kept for other workers and later runs, and how many of them.
/// Each has a variable of the environment, which counts more than what a program says.
struct cache_settings {
    /// Says whether images are kept at all. `false`: every worker applies its seeds.
    /// Variable: ISOLITE_CACHE=off.
    bool keep = true;

    /// Says whether images of earlier runs are passed over: the workers of one run still share
    /// those that it builds. For CI. Variable: ISOLITE_CACHE_FRESH=on.
    bool fresh = false;

    /// Names the directory, an absolute path. It is made if it is missing, with its parents.
    /// Default: $XDG_CACHE_HOME/isolite, else ~/.cache/isolite, else isolite-<uid>/cache of TMPDIR
    ///   or /tmp where there is no home. Variable: ISOLITE_CACHE=DIRECTORY.
    std::string directory;

    /// Names the directory in it for the images of one project, which share the two bounds.
    /// Shape: letters, digits, `-`, `_` and `.`, but no `.` first. Variable: ISOLITE_PROJECT.
    std::string project = "default";

    /// Bounds the size of a project's images. Those that were not used for longest go first, those
    /// in use stay. Units: bytes; ISOLITE_CACHE_MB counts 1024 * 1024 of them.
    std::uint64_t max_bytes = std::uint64_t(1) << 30;

    /// Bounds how long an image is kept that nobody uses. Variable: ISOLITE_CACHE_DAYS.
    std::chrono::hours max_age = std::chrono::hours(24 * 30);
};

/// Makes these the settings of this process. Engines that are open already keep their images.
/// Threads: before the first engine is opened.
ISOLITE_API void use_cache(cache_settings settings);

} // namespace isolite
