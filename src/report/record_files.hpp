#pragma once

#include <isolite/error.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace isolite::report {

/// A file of records, as a directory lists it.
struct record_file {
    std::string path;
    std::uint64_t bytes = 0;
};

/// Returns the files of records in a directory, by name. Symbolic links and whatever else is no
/// regular file are none.
/// Errors: errc::system for a directory that cannot be read.
[[nodiscard]] result<std::vector<record_file>> record_files_in(const std::string& directory);

/// Returns what a file holds at this moment; its process may go on to write. `most_bytes` bounds
/// what is read of it; a process writes no more than half as much as the default.
/// Errors: errc::system for a file that cannot be opened or is no longer a regular one.
[[nodiscard]] result<std::string> read_records(const std::string& path,
                                               std::uint64_t most_bytes = std::uint64_t(128) << 20);

/// Builds errc::system for a path: TASK 'PATH': the words of the system.
[[nodiscard]] error file_error(const std::string& task, const std::string& path, int code,
                               std::string hint);

} // namespace isolite::report
