#pragma once

#include "files/claimed_databases.hpp"
#include "files/claims.hpp"
#include "files/front.hpp"

#include "connection.hpp"
#include "said.hpp"
#include "scratch_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <unistd.h>

namespace isolite::paths::tests {

using store::tests::connection;

/// A working directory with a claim of the files that match a pattern in it, for as long as it
/// lives.
class claimed_place {
  public:
    explicit claimed_place(const std::string& pattern = "*.db", origin from = {})
        : claim_(claims::of_process().add(path(pattern), std::move(from))) {
        stand_in_front();
    }
    ~claimed_place() { claims::of_process().release(claim_); }
    claimed_place(const claimed_place&) = delete;
    claimed_place& operator=(const claimed_place&) = delete;

    /// Returns the absolute name of a file in it.
    [[nodiscard]] static std::string path(const std::string& name) {
        return (std::filesystem::current_path() / name).string();
    }

    /// Returns what is in it on the disk, in order.
    [[nodiscard]] static std::vector<std::string> on_disk() {
        std::vector<std::string> names;
        for (const auto& each : std::filesystem::directory_iterator(".")) {
            names.push_back(each.path().filename().string());
        }
        std::sort(names.begin(), names.end());
        return names;
    }

  private:
    store::tests::scratch_directory directory_;
    std::uint64_t claim_;
};

/// Opens a file as code under test does: by a name, with SQLite's default VFS or one of its own.
inline connection by_path(const std::string& name, const char* vfs = nullptr,
                          int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) {
    return connection(name, vfs, flags);
}

/// Returns the result code of opening a file and reading it.
inline int code_of_opening(const std::string& name,
                           int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) {
    sqlite3* handle = nullptr;
    int code = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
    if (code == SQLITE_OK) {
        code =
            sqlite3_exec(handle, "SELECT count(*) FROM sqlite_master", nullptr, nullptr, nullptr);
    }
    sqlite3_close(handle);
    return code;
}

} // namespace isolite::paths::tests
