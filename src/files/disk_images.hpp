#pragma once

#include "files/disk_reading.hpp"

#include <cstdint>
#include <list>
#include <mutex>
#include <string>

namespace isolite::paths {

/// The databases of the disk that this process has read. Each is read once for as long as its file
/// stays as it is; all tests that open it share the bytes.
/// Threads: every function may be called from any thread.
/// Processes: a forked one shares what was read before.
class disk_images {
  public:
    [[nodiscard]] static disk_images& of_process();

    /// Of more files, or more bytes, those used last are kept, but always one.
    explicit disk_images(std::size_t most_files = 64,
                         std::uint64_t most_bytes = std::uint64_t{1} << 30)
        : most_files_(most_files), most_bytes_(most_bytes) {}

    /// Returns what is in a database file of the disk; waits up to a second for who writes to it.
    [[nodiscard]] disk_reading read(sqlite3_vfs& disk, const std::string& name);

  private:
    struct entry {
        std::string name;
        disk_reading reading;
    };

    [[nodiscard]] std::list<entry>::iterator find(const std::string& name);
    void keep(const std::string& name, const disk_reading& reading);
    [[nodiscard]] bool is_too_much() const;

    std::size_t most_files_;
    std::uint64_t most_bytes_;
    std::mutex mutex_;
    std::list<entry> kept_; // the one used last is the last
};

} // namespace isolite::paths
