#include "leak/cursor.hpp"

#include <sqlite3.h>

namespace isolite::leak {

namespace {

std::string quoted(const std::string& text, char quote) {
    std::string all(1, quote);
    for (const char c : text) {
        all.append(c == quote ? 2 : 1, c);
    }
    return all + quote;
}

} // namespace

std::string quoted_name(const std::string& name) {
    return quoted(name, '"');
}

std::string quoted_name(const std::string& schema, const std::string& table) {
    return quoted_name(schema) + "." + quoted_name(table);
}

std::string text_literal(const std::string& text) {
    return quoted(text, '\'');
}

cursor::cursor(sqlite3* connection, const std::string& sql) : connection_(connection) {
    if (sqlite3_prepare_v2(connection, sql.c_str(), -1, &statement_, nullptr) != SQLITE_OK) {
        failure_ = sqlite3_errmsg(connection_);
    } else {
        next();
    }
}

cursor::~cursor() {
    sqlite3_finalize(statement_);
}

void cursor::next() {
    const int code = sqlite3_step(statement_);
    has_row_ = code == SQLITE_ROW;
    if (!has_row_ && code != SQLITE_DONE) {
        failure_ = sqlite3_errmsg(connection_);
    }
}

std::string cursor::text(int column, const char* null) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return text ? text : null;
}

void run(sqlite3* connection, const std::string& sql) {
    sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr);
}

std::vector<std::vector<std::string>> rows(sqlite3* connection, const std::string& sql) {
    std::vector<std::vector<std::string>> all;
    for (cursor each(connection, sql); each.has_row(); each.next()) {
        auto& row = all.emplace_back();
        for (int i = 0; i < sqlite3_column_count(each.row()); ++i) {
            row.push_back(each.text(i, "NULL"));
        }
    }
    return all;
}

std::string first_value(sqlite3* connection, const std::string& sql) {
    const cursor found(connection, sql);
    return found.has_row() ? found.text(0, "NULL") : std::string();
}

} // namespace isolite::leak
