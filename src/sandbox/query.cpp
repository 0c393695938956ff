#include <isolite/query.hpp>

#include "sandbox/engine_state.hpp"

#include <isolite/engine.hpp>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

#include <memory>
#include <utility>

namespace isolite {

namespace {

void bind(SQLite::Statement& statement, int index, const cell& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        statement.bind(index, *integer);
    } else if (const auto* real = std::get_if<double>(&value)) {
        statement.bind(index, *real);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
        statement.bind(index, *text);
    } else if (const auto* bytes = std::get_if<blob>(&value)) {
        // A null pointer would bind NULL, also for an empty BLOB.
        statement.bind(index, bytes->empty() ? static_cast<const void*>("") : bytes->data(),
                       static_cast<int>(bytes->size()));
    } else {
        statement.bind(index);
    }
}

cell first_column(SQLite::Statement& row) {
    const SQLite::Column column = row.getColumn(0);
    switch (column.getType()) {
    case SQLITE_INTEGER:
        return static_cast<std::int64_t>(column.getInt64());
    case SQLITE_FLOAT:
        return column.getDouble();
    case SQLITE_TEXT:
        return column.getString();
    case SQLITE_BLOB: {
        const auto* bytes = static_cast<const std::byte*>(column.getBlob());
        return blob(bytes, bytes + column.getBytes());
    }
    default:
        return nullptr;
    }
}

void bind_all(SQLite::Statement& statement, std::string_view sql,
              const std::vector<cell>& arguments) {
    const int wanted = statement.getBindParameterCount();
    if (static_cast<int>(arguments.size()) != wanted) {
        throw query_error("run", sql,
                          "its parameters are " + std::to_string(wanted) + ", its arguments " +
                              std::to_string(arguments.size()));
    }
    for (int i = 0; i < wanted; ++i) {
        bind(statement, i + 1, arguments[static_cast<std::size_t>(i)]);
    }
}

/// Runs `body(statement)` and turns SQLite's exceptions into ours, which name the statement.
template <typename Body>
auto query(sandbox::kept_statements& kept, std::string_view sql, const std::vector<cell>& arguments,
           Body body) {
    try {
        SQLite::Statement& statement = kept.get(sql);
        // Reset when the query is over, however it ends.
        const std::unique_ptr<SQLite::Statement, void (*)(SQLite::Statement*)> running(
            &statement, [](SQLite::Statement* over) { over->tryReset(); });
        bind_all(statement, sql, arguments);
        return body(statement);
    } catch (const SQLite::Exception& problem) {
        throw query_error("run", sql, problem.what(), problem.getExtendedErrorCode());
    }
}

void require_one_column(std::string_view sql, const SQLite::Statement& statement) {
    if (const int columns = statement.getColumnCount(); columns != 1) {
        throw query_error("take one value from", sql,
                          "it has " + std::to_string(columns) + " columns");
    }
}

} // namespace

query_error::query_error(std::string_view action, std::string_view sql, std::string reason,
                         int sqlite_code)
    : std::runtime_error("cannot " + std::string(action) + " \"" + std::string(sql) +
                         "\": " + reason),
      reason_(std::move(reason)), sqlite_code_(sqlite_code) {}

void throw_unexpected_cell(std::string_view sql, const cell& found) {
    static constexpr const char* types[] = {"NULL", "an INTEGER", "a REAL", "a TEXT", "a BLOB"};
    const auto* const integer = std::get_if<std::int64_t>(&found);
    throw query_error("convert the value of", sql,
                      integer ? "it is the INTEGER " + std::to_string(*integer) +
                                    ", which does not fit the type that was asked for"
                              : std::string("it is ") + types[found.index()] +
                                    ", which is not of the type that was asked for");
}

cell query_one(engine& engine, std::string_view sql, const std::vector<cell>& arguments) {
    return query(
        engine.state_->database->statements(), sql, arguments, [sql](SQLite::Statement& rows) {
            require_one_column(sql, rows);
            if (!rows.executeStep()) {
                throw query_error("take one value from", sql, "it returned no row");
            }
            cell first = first_column(rows);
            if (rows.executeStep()) {
                throw query_error("take one value from", sql, "it returned more than one row");
            }
            return first;
        });
}

std::vector<cell> query_column(engine& engine, std::string_view sql,
                               const std::vector<cell>& arguments) {
    return query(engine.state_->database->statements(), sql, arguments,
                 [sql](SQLite::Statement& rows) {
                     require_one_column(sql, rows);
                     std::vector<cell> cells;
                     while (rows.executeStep()) {
                         cells.push_back(first_column(rows));
                     }
                     return cells;
                 });
}

int run_statement(engine& engine, std::string_view sql, const std::vector<cell>& arguments) {
    sqlite3* const handle = engine.handle();
    return query(engine.state_->database->statements(), sql, arguments,
                 [=](SQLite::Statement& statement) {
                     const int before = sqlite3_total_changes(handle);
                     while (statement.executeStep()) {
                     }
                     return sqlite3_total_changes(handle) == before ? 0 : sqlite3_changes(handle);
                 });
}

} // namespace isolite
