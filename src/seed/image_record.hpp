#pragma once

#include <string>

struct stat;

namespace isolite {

/// The small file beside an image, `NAME.used`: which state of the image file was compared with its
/// checksum, so that not every worker has to read all of it, and, as its time of modification, when
/// a process last asked for the image. An image has none in the seconds after it was built.
///
/// A state is told by device, inode, size and the times of the last modification and change. Any
/// write to the file moves the latter, and nobody can set it back; a write within one tick of the
/// file system's clock may leave it, so states that are younger than two seconds are not recorded.
/// What changes below the file system is not seen: for that the disk has checksums of its own.

/// Says whether the present state of an image file is the one that was recorded, and notes that it
/// is used.
[[nodiscard]] bool is_recorded(const std::string& image_path, const struct stat& status);

/// Records the state of an image file that was found sound. Does nothing where nothing can be
/// written: the image is then compared each time.
void record(const std::string& image_path, const struct stat& status);

/// Returns the path of the record of an image.
[[nodiscard]] std::string record_path(const std::string& image_path);

} // namespace isolite
