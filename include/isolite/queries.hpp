#pragma once

#include <isolite/query.hpp>

#include <string_view>
#include <vector>

namespace isolite {

class engine;

/// Run one statement on an engine's connection, for `queries`. Errors: throw `query_error`.
[[nodiscard]] ISOLITE_API cell query_one(engine& engine, std::string_view sql,
                                         const std::vector<cell>& arguments);
[[nodiscard]] ISOLITE_API std::vector<cell> query_column(engine& engine, std::string_view sql,
                                                         const std::vector<cell>& arguments);
ISOLITE_API int run_statement(engine& engine, std::string_view sql,
                              const std::vector<cell>& arguments);

/// The queries of an engine, and of a fixture, which derive from it: `Queried` has a member
/// `engine& queried()`.
template <typename Queried>
class queries {
  public:
    /// Runs a query of one row with one column and returns the value.
    /// Errors: throws `query_error` when it fails, returns another shape, or not a `Value`.
    /// Example: `value<int>("SELECT stock FROM products WHERE id = ?", 7)`
    template <typename Value, typename... Arguments>
    [[nodiscard]] Value value(std::string_view sql, const Arguments&... arguments) {
        return cell_as<Value>(sql, query_one(queried(), sql, {to_cell(arguments)...}));
    }

    /// Runs a query with one column and returns its rows in order.
    /// Errors: throws `query_error`, as `value` does.
    template <typename Value, typename... Arguments>
    [[nodiscard]] std::vector<Value> values(std::string_view sql, const Arguments&... arguments) {
        std::vector<Value> found;
        for (const cell& row : query_column(queried(), sql, {to_cell(arguments)...})) {
            found.push_back(cell_as<Value>(sql, row));
        }
        return found;
    }

    /// Runs one statement and returns the number of rows that it inserted, changed or deleted.
    /// Errors: throws `query_error`.
    template <typename... Arguments>
    int execute(std::string_view sql, const Arguments&... arguments) {
        return run_statement(queried(), sql, {to_cell(arguments)...});
    }

  private:
    friend Queried;

    queries() = default;
    engine& queried() { return static_cast<Queried&>(*this).queried(); }
};

} // namespace isolite
