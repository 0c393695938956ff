#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <vector>

/// What the programs of SQLite's test suite need to reach files that no file system has. They ask
/// VFSs, and nothing else.
namespace oracles {

/// Says whether files of databases are in the store: as those of SQLite's default VFS, or because
/// all paths are claimed.
[[nodiscard]] bool are_files_in_memory();

/// Returns the VFS through which databases are opened: the store's if that is SQLite's default one,
/// else SQLite's own. A test may lay others over it and make them the default.
[[nodiscard]] sqlite3_vfs* tested_vfs();

/// Returns the VFS that tells whether there is a file: the store's wherever that has any.
[[nodiscard]] sqlite3_vfs* vfs_of_files();

/// A file that is opened through the VFS under test, beside the connections that have it open.
/// It takes no lock. A log is opened together with its database, since it has no name of its own.
class vfs_file {
  public:
    /// Opens the file; it is made if there is none and `create` says so.
    vfs_file(const std::string& name, bool create);
    ~vfs_file();
    vfs_file(const vfs_file&) = delete;
    vfs_file& operator=(const vfs_file&) = delete;

    [[nodiscard]] bool is_open() const { return file_ != nullptr; }
    [[nodiscard]] std::int64_t size() const;
    /// Returns how many of the wanted bytes there are.
    std::int64_t read(std::int64_t offset, char* to, std::int64_t count) const;
    bool write(std::int64_t offset, const char* from, std::int64_t count);
    bool truncate(std::int64_t size);

  private:
    sqlite3_file* open(const char* name, int flags);
    static void close(sqlite3_file* file);

    sqlite3_filename names_;
    sqlite3_file* database_ = nullptr; // of a log
    sqlite3_file* file_ = nullptr;
};

/// Says whether the file exists; an empty journal or log counts as none, as it does for SQLite.
[[nodiscard]] bool exists(const std::string& name);

bool remove(const std::string& name);
bool copy(const std::string& from, const std::string& to);

/// Returns the name that the VFS makes of one that SQLite is given.
[[nodiscard]] std::string full_name(const char* name);

/// Returns the files that SQLite has opened by name and that exist.
[[nodiscard]] std::vector<std::string> names();

} // namespace oracles
