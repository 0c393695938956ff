#pragma once

#include <isolite/seed.hpp>

#include <memory>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace bench {

/// Returns a seed of one table of `rows` rows with an index: about 47 MB at 500,000.
isolite::seed table_of(int rows);

using statement = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

/// Prepares a statement, or ends the program with what SQLite says.
statement prepare(sqlite3* connection, const char* sql);

/// Runs a prepared statement to its end and resets it, or ends the program.
void run(const statement& prepared);

/// A typical test: three inserts, an update, a delete and three selects, prepared once.
class test_body {
  public:
    explicit test_body(sqlite3* connection);
    void operator()() const;

  private:
    std::vector<statement> statements_;
};

/// A stock in-memory database with the same rows.
using connection = std::unique_ptr<sqlite3, int (*)(sqlite3*)>;
connection stock_database(int rows);

} // namespace bench
