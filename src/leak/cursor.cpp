#include "leak/cursor.hpp"

#include <sqlite3.h>

namespace isolite {

std::string quoted_name(const std::string& name) {
    std::string text = "\"";
    for (const char c : name) {
        text.append(c == '"' ? 2 : 1, c);
    }
    return text + '"';
}

std::string text_literal(const std::string& text) {
    std::string literal = "'";
    for (const char c : text) {
        literal += c == '\'' ? "''" : std::string(1, c);
    }
    return literal + "'";
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

std::string cursor::text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return text ? text : "";
}

} // namespace isolite
