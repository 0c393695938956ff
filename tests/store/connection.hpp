#pragma once

#include "store/vfs.hpp"

#include <sqlite3.h>

#include <memory>
#include <string>
#include <vector>

namespace isolite::store::tests {

/// What one statement gave.
struct outcome {
    int code = SQLITE_OK; // the extended result code
    std::string message;  // empty unless it failed
    std::vector<std::string> rows;

    bool operator==(const outcome& other) const {
        return code == other.code && message == other.message && rows == other.rows;
    }
    [[nodiscard]] std::string text() const;
};

inline bool is_io_error(const outcome& result) {
    return (result.code & 0xff) == SQLITE_IOERR;
}

/// A statement that can be stepped row by row.
class cursor {
  public:
    cursor(sqlite3* database, const std::string& sql);

    /// Returns the code of preparing it.
    [[nodiscard]] int prepared() const { return prepared_; }

    /// Steps up to `rows` times. The code is SQLITE_ROW while there may be more rows.
    outcome step(std::size_t rows = SIZE_MAX);

    /// Resets the statement, so that it can run again.
    void reset() { sqlite3_reset(statement_.get()); }

  private:
    struct finalizer {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    sqlite3* database_;
    int prepared_;
    std::unique_ptr<sqlite3_stmt, finalizer> statement_;
};

/// A connection as a test needs it: statements given as text, rows returned as text.
/// A row is its values joined by '|': `NULL`, `1`, `1.5`, `'text'`, `x'00ff'`; of values longer
/// than 64 bytes, their length and a hash.
class connection {
  public:
    static constexpr int read_write = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI;

    /// Opens `name`. Throws `std::runtime_error` when SQLite refuses.
    explicit connection(const std::string& name, const char* vfs = vfs_name,
                        int flags = read_write);

    /// Runs each of the statements in `sql` until one fails.
    outcome run(const std::string& sql);

    /// Runs `sql`, throws `std::runtime_error` when it fails, and returns the rows.
    std::vector<std::string> rows(const std::string& sql);

    /// The same for one row or none: "" is none.
    std::string value(const std::string& sql);

    [[nodiscard]] sqlite3* handle() const { return handle_.get(); }

    /// Returns SQLite's open file of the main database.
    [[nodiscard]] sqlite3_file* file() const;

    /// Returns the bytes of the main database as the VFS has them, without a lock.
    [[nodiscard]] std::vector<std::byte> file_bytes() const;

    /// Returns the schema and the rows of every table that is stored in `schema`.
    std::vector<std::string> dump(const std::string& schema = "main");

  private:
    struct closer {
        void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
    };
    std::unique_ptr<sqlite3, closer> handle_;
};

/// Returns a name that no other test of this process uses, as the store has it.
std::string unique_name(const std::string& stem);

/// Returns a quoted SQL identifier.
std::string identifier(const std::string& name);

} // namespace isolite::store::tests
