#pragma once

#include "os/files.hpp"
#include "store/image.hpp"

#include <sqlite3.h>

#include <memory>
#include <string>

namespace isolite::paths {

/// What came of reading a database file of the disk.
struct disk_reading {
    /// SQLITE_BUSY: somebody was writing to it. SQLITE_READONLY_ROLLBACK, SQLITE_READONLY_RECOVERY:
    /// somebody left half of a transaction in it, or a part of the database in its log. Else what
    /// SQLite itself would tell.
    int code = SQLITE_OK;
    std::shared_ptr<const store::image> image; ///< Null: it is empty.
    os::file_facts facts;                      ///< As it was read.
    bool is_settled = false;                   ///< Each later change of it will show in its facts.
};

/// Reads a database file as it is between two transactions, once, by the functions of a VFS of
/// SQLite's and with the locks of a reader, so that SQLite keeps the account of the locks that this
/// process has on the file: a descriptor of our own would free them when it is closed.
/// Source: https://www.sqlite.org/lockingv3.html
[[nodiscard]] disk_reading read_database(sqlite3_vfs& disk, const std::string& name);

/// Says whether there is a log with something in it, without which a file is not all.
[[nodiscard]] bool has_log(const std::string& name);

} // namespace isolite::paths
