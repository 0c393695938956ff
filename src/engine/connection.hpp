#pragma once

#include "engine/kept_statements.hpp"
#include "leak/connection_watch.hpp"

#include <isolite/error.hpp>
#include <isolite/seed.hpp>

#include <SQLiteCpp/Database.h>

#include <memory>
#include <string>
#include <typeindex>
#include <unordered_map>
#include <vector>

struct sqlite3_stmt;

namespace isolite {

/// What each connection to a database in memory is set to: foreign keys are enforced, nothing is
/// synced, and journals stay in SQLite's own memory.
inline constexpr const char* connection_settings =
    "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON";

/// A worker's connection and everything that lives on it. What it holds goes before it does.
class connection {
  public:
    /// Opens a connection to a database of the VFS and runs the seed's connection steps.
    /// Errors: errc::database, errc::seed for a step that throws.
    [[nodiscard]] static result<std::unique_ptr<connection>>
    open(const std::string& uri, const std::vector<seed::step_function>& steps);

    explicit connection(const std::string& uri);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    SQLite::Database database;
    kept_statements statements{database};
    std::unordered_map<std::type_index, std::shared_ptr<void>> objects;

    /// Runs the kept BEGIN. Returns the result code of SQLite.
    int begin() noexcept;

    /// Gives back a lock that is held over transactions, as `PRAGMA locking_mode = EXCLUSIVE` does:
    /// after a return to NORMAL the next transaction ends with it.
    void release_lock() noexcept;

    /// Watches the connection; its probe is the kept ROLLBACK. Set by `open`.
    std::unique_ptr<connection_watch> watch;

  private:
    sqlite3_stmt* begin_ = nullptr;
    sqlite3_stmt* rollback_ = nullptr;
};

} // namespace isolite
