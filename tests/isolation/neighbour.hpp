#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <memory>
#include <string>
#include <vector>

/// A connection that is not the engine's, with statements of its own.
class neighbour {
  public:
    /// Opens the connection and prepares the statements of its testimony.
    explicit neighbour(const std::string& uri, int more_flags = 0);

    [[nodiscard]] SQLite::Database& database() noexcept { return database_; }

    /// Runs statements; a failure is an error of the adversary.
    void run(const std::string& sql) { database_.exec(sql); }

    /// Prepares a statement, which is finalized before the connection is closed.
    SQLite::Statement& prepare(const std::string& sql);

    /// Runs what was prepared last.
    void run_last();

    /// Gives up what it is in the middle of, as its owner would who has met an error.
    void recover();

    /// Returns every row that it sees, with statements that were prepared at the beginning.
    [[nodiscard]] std::string testimony();

  private:
    SQLite::Database database_;
    std::vector<std::unique_ptr<SQLite::Statement>> statements_;
    std::size_t testifying_ = 0; // the first few of them
};
