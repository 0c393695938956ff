#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace SQLite {
class Database;
class Statement;
} // namespace SQLite

namespace isolite {

/// The prepared statements of one connection, kept by their text: preparing costs more than
/// running a typical statement of a test, and more than isolating it.
class kept_statements {
  public:
    explicit kept_statements(SQLite::Database& database);
    ~kept_statements();
    kept_statements(const kept_statements&) = delete;
    kept_statements& operator=(const kept_statements&) = delete;

    /// Returns a statement that is not in the middle of its rows, reset and without bindings.
    /// Errors: throws SQLite::Exception.
    [[nodiscard]] SQLite::Statement& get(std::string_view sql);

  private:
    using alternatives = std::vector<std::unique_ptr<SQLite::Statement>>;

    SQLite::Database& database_;
    std::map<std::string, alternatives, std::less<>> statements_;
};

} // namespace isolite
