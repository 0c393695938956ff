#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace SQLite {
class Database;
class Statement;
} // namespace SQLite

namespace isolite::sandbox {

/// The prepared statements of one connection, kept by their text: preparing costs more than
/// running a typical statement of a test, and more than isolating it.
class kept_statements {
  public:
    /// `schema_changes` counts what may give a statement other columns than it was prepared with,
    /// which SQLiteCpp counts once.
    kept_statements(SQLite::Database& database, const std::uint64_t& schema_changes);
    ~kept_statements();
    kept_statements(const kept_statements&) = delete;
    kept_statements& operator=(const kept_statements&) = delete;

    /// Returns a statement that is not in the middle of its rows, reset and without bindings.
    /// Errors: throws SQLite::Exception.
    [[nodiscard]] SQLite::Statement& get(std::string_view sql);

    /// Says whether a statement of this text is kept.
    [[nodiscard]] bool has(std::string_view sql) const {
        return statements_.find(sql) != statements_.end();
    }

    /// Takes all statements from their connection. Each is prepared anew, in its place, when it is
    /// asked for next; until then using it throws.
    std::vector<SQLite::Statement> release();

  private:
    struct kept {
        std::unique_ptr<SQLite::Statement> statement;
        std::uint64_t prepared; // what `schema_changes_` was then
    };
    static constexpr std::uint64_t never = ~std::uint64_t{0};

    SQLite::Database& database_;
    const std::uint64_t& schema_changes_;
    std::map<std::string, std::vector<kept>, std::less<>> statements_;
};

} // namespace isolite::sandbox
