#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace SQLite {
class Database;
class Statement;
} // namespace SQLite

namespace shop {

/// Walks over the rows of one execution and resets the statement when it goes.
/// Lifetime: must not outlive the `statements` it came from.
class cursor {
  public:
    explicit cursor(SQLite::Statement& statement) : statement_(statement) {}
    cursor(const cursor&) = delete;
    cursor& operator=(const cursor&) = delete;
    ~cursor();

    /// Steps to the next row. Ensures: false when there is none left.
    bool next();

    /// Reads a column of the current row as an integer.
    std::int64_t integer(int column) const;
    /// Reads a column of the current row as true (not 0) or false.
    bool flag(int column) const { return integer(column) != 0; }
    /// Reads a column of the current row as text.
    std::string text(int column) const;
    /// Reads a column that may be NULL.
    std::optional<std::int64_t> optional_integer(int column) const;
    /// Reads a column that may be NULL.
    std::optional<std::string> optional_text(int column) const;

  private:
    SQLite::Statement& statement_;
};

/// Keeps the prepared statements of one class: each is prepared on first use and kept.
/// No statement is left busy: it is reset when its call ends, also by an exception.
/// A statement must not be run again while a cursor over it is open.
class statements {
  public:
    explicit statements(SQLite::Database& db);
    statements(const statements&) = delete;
    statements& operator=(const statements&) = delete;
    ~statements();

    /// Starts a query; the arguments are bound in order.
    template <class... Arguments>
    cursor select(std::string_view sql, const Arguments&... arguments) {
        return cursor(bound(sql, arguments...));
    }

    /// Runs a statement to its end. Ensures: the number of rows it changed itself.
    template <class... Arguments>
    std::int64_t change(std::string_view sql, const Arguments&... arguments) {
        return run(bound(sql, arguments...));
    }

    /// Runs an INSERT. Ensures: the rowid of the new row.
    template <class... Arguments>
    std::int64_t insert(std::string_view sql, const Arguments&... arguments) {
        run(bound(sql, arguments...));
        return last_rowid();
    }

    /// Reads the first column of the first row as an integer; 0 when there is no row.
    template <class... Arguments>
    std::int64_t number(std::string_view sql, const Arguments&... arguments) {
        cursor row(bound(sql, arguments...));
        return row.next() ? row.integer(0) : 0;
    }

  private:
    template <class... Arguments>
    SQLite::Statement& bound(std::string_view sql, const Arguments&... arguments) {
        SQLite::Statement& statement = prepared(sql);
        [[maybe_unused]] int position = 0;
        (bind(statement, ++position, arguments), ...);
        return statement;
    }

    SQLite::Statement& prepared(std::string_view sql);
    std::int64_t run(SQLite::Statement& statement);
    std::int64_t last_rowid() const;

    static void bind(SQLite::Statement& statement, int position, std::int64_t value);
    static void bind(SQLite::Statement& statement, int position, const char* value);
    static void bind(SQLite::Statement& statement, int position, const std::string& value);
    static void bind(SQLite::Statement& statement, int position,
                     const std::optional<std::int64_t>& value);
    static void bind(SQLite::Statement& statement, int position,
                     const std::optional<std::string>& value);

    SQLite::Database& db_;
    std::map<std::string, std::unique_ptr<SQLite::Statement>, std::less<>> kept_;
};

/// Runs `insert_or_update` and says `sentence` when it would break a UNIQUE constraint.
/// Errors: `shop::error` with the sentence.
void unless_taken(const std::function<void()>& insert_or_update, const std::string& sentence);

} // namespace shop
