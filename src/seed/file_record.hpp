#pragma once

#include "os/files.hpp"

#include <optional>
#include <string>

namespace isolite::seeds {

/// A small file that tells what was found out about another one in a certain state, so that not
/// every worker has to read all of that: of an image (`NAME.db.used`) that its checksum was right,
/// of an SQL file (`NAME.text`) what its checksum is. Its time of modification is when a process
/// last asked. A file has none in the seconds after it was written.
///
/// A state is told by device, inode, size and the times of the last modification and change. Any
/// write to the file moves the latter, and nobody can set it back; a write within one tick of the
/// file system's clock may leave it, so states that are younger than two seconds are not recorded.
/// What changes below the file system is not seen: for that the disk has checksums of its own.

/// Returns a text that tells a state of a file from all others.
[[nodiscard]] std::string state_of(const os::file_facts& facts);

/// Returns what was recorded about the present state of a file, if anything was, and notes that it
/// was asked for.
[[nodiscard]] std::optional<std::string> recorded(const std::string& record_path,
                                                  const os::file_facts& facts);

/// Records what is known about a file in a state, or since. Does nothing where nothing can be
/// written: all of the file is then read each time.
void record(const std::string& record_path, const os::file_facts& facts,
            const std::string& knowledge = {});

/// Returns the path of the record of an image.
[[nodiscard]] std::string record_path(const std::string& image_path);

} // namespace isolite::seeds
