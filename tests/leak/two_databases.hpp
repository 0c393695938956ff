#pragma once

#include <sqlite3.h>

#include <string>
#include <vector>

namespace isolite::tests {

/// A connection to a database file that fails the test when SQL does.
class connection {
  public:
    explicit connection(const std::string& path);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    void run(const std::string& sql) const;
    [[nodiscard]] std::string value(const std::string& sql) const;
    [[nodiscard]] sqlite3* get() const { return connection_; }

  private:
    sqlite3* connection_ = nullptr;
};

/// Two database files, and what `difference` says of them on a connection that may only read.
class two_databases {
  public:
    two_databases();
    ~two_databases();
    two_databases(const two_databases&) = delete;
    two_databases& operator=(const two_databases&) = delete;

    void run_in_both(const std::string& sql) const;

    /// Returns the lines, each with a line break.
    [[nodiscard]] std::string difference() const;

    /// Returns the number of rows that differ.
    [[nodiscard]] std::size_t rows() const;

    /// Does the same where PRAGMA table_list cannot be used, as before SQLite 3.37.
    [[nodiscard]] std::string difference_without_table_list() const;

  private:
    std::string path_;

  public:
    const std::string before_path;
    const std::string now_path;
    const connection before;
    const connection now;
};

} // namespace isolite::tests
