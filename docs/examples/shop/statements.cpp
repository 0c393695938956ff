#include "statements.hpp"

#include "error.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <sqlite3.h>

namespace shop {

cursor::~cursor() {
    statement_.tryReset();
}

bool cursor::next() {
    return statement_.executeStep();
}

std::int64_t cursor::integer(int column) const {
    return statement_.getColumn(column).getInt64();
}

std::string cursor::text(int column) const {
    return statement_.getColumn(column).getString();
}

std::optional<std::int64_t> cursor::optional_integer(int column) const {
    if (statement_.isColumnNull(column))
        return std::nullopt;
    return integer(column);
}

std::optional<std::string> cursor::optional_text(int column) const {
    if (statement_.isColumnNull(column))
        return std::nullopt;
    return text(column);
}

statements::statements(SQLite::Database& db) : db_(db) {}
statements::~statements() = default;

SQLite::Statement& statements::prepared(std::string_view sql) {
    auto found = kept_.find(sql);
    if (found == kept_.end()) {
        std::string text(sql);
        auto statement = std::make_unique<SQLite::Statement>(db_, text);
        found = kept_.emplace(std::move(text), std::move(statement)).first;
    }
    return *found->second;
}

std::int64_t statements::run(SQLite::Statement& statement) {
    cursor until_the_end(statement);
    while (until_the_end.next()) {
    }
    return db_.getChanges();
}

std::int64_t statements::last_rowid() const {
    return db_.getLastInsertRowid();
}

void statements::bind(SQLite::Statement& statement, int position, std::int64_t value) {
    statement.bind(position, value);
}

void statements::bind(SQLite::Statement& statement, int position, const char* value) {
    statement.bind(position, value);
}

void statements::bind(SQLite::Statement& statement, int position, const std::string& value) {
    statement.bind(position, value);
}

void statements::bind(SQLite::Statement& statement, int position,
                      const std::optional<std::int64_t>& value) {
    value ? statement.bind(position, *value) : statement.bind(position);
}

void statements::bind(SQLite::Statement& statement, int position,
                      const std::optional<std::string>& value) {
    value ? statement.bind(position, *value) : statement.bind(position);
}

void unless_taken(const std::function<void()>& insert_or_update, const std::string& sentence) {
    try {
        insert_or_update();
    } catch (const SQLite::Exception& failure) {
        const int code = failure.getExtendedErrorCode();
        if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY)
            throw error(sentence);
        throw;
    }
}

} // namespace shop
