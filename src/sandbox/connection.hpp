#pragma once

#include "sandbox/connection_recipe.hpp"
#include "sandbox/kept_statements.hpp"
#include "leak/connection_watch.hpp"
#include "leak/transaction_trace.hpp"

#include <isolite/error.hpp>

#include <SQLiteCpp/Database.h>

#include <memory>
#include <string>
#include <typeindex>
#include <unordered_map>

struct sqlite3_stmt;

namespace isolite {

/// A worker's connection and everything that lives on it. What it holds goes before it does.
class connection {
  public:
    /// Opens a connection to databases of the VFS.
    /// Errors: errc::database, errc::seed for a step that throws.
    [[nodiscard]] static result<std::unique_ptr<connection>>
    open(const connection_recipe& recipe, const connection_watch::settings_reader& usual);

    /// Errors: throws SQLite::Exception and what a step throws.
    connection(const connection_recipe& recipe, const connection_watch::settings_reader& usual);
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

    /// Moves what the log of a database in WAL mode holds into the database, as far as readers
    /// allow. Requires: no transaction is open.
    void empty_log() noexcept;

    /// Watches the connection; its probe is the kept ROLLBACK.
    std::unique_ptr<connection_watch> watch;
    std::unique_ptr<transaction_trace> trace;

  private:
    sqlite3_stmt* begin_ = nullptr;
    sqlite3_stmt* rollback_ = nullptr;
};

} // namespace isolite
