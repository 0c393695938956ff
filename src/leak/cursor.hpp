#pragma once

#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace isolite::leak {

/// Returns a name as SQL has it, whatever characters it consists of.
[[nodiscard]] std::string quoted_name(const std::string& name);
[[nodiscard]] std::string quoted_name(const std::string& schema, const std::string& table);

/// Returns a text as SQL has it.
[[nodiscard]] std::string text_literal(const std::string& text);

/// The rows of one query, of which only the current one is in memory. An error ends them.
class cursor {
  public:
    /// Stands on the first row. Lifetime: the connection outlives it.
    cursor(sqlite3* connection, const std::string& sql);
    ~cursor();
    cursor(const cursor&) = delete;
    cursor& operator=(const cursor&) = delete;

    /// Goes to the next row. Requires: has_row().
    void next();

    [[nodiscard]] bool has_row() const noexcept { return has_row_; }

    /// Returns what SQLite said of an error, empty if there was none.
    [[nodiscard]] const std::string& failure() const noexcept { return failure_; }

    [[nodiscard]] sqlite3_stmt* row() const noexcept { return statement_; }

    /// Returns a column of the current row as text, and what stands for NULL.
    [[nodiscard]] std::string text(int column, const char* null = "") const;

  private:
    sqlite3* connection_;
    sqlite3_stmt* statement_ = nullptr;
    bool has_row_ = false;
    std::string failure_;
};

/// Runs statements, ignoring what they return; the caller looks at what it changed.
void run(sqlite3* connection, const std::string& sql);

/// Returns the rows of a query as text, NULL as the word. What fails returns no rows.
[[nodiscard]] std::vector<std::vector<std::string>> rows(sqlite3* connection,
                                                         const std::string& sql);

/// Returns the first column of the first row as text, or nothing.
[[nodiscard]] std::string first_value(sqlite3* connection, const std::string& sql);

} // namespace isolite::leak
