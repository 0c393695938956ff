#include "leak/unresolved_keys.hpp"

#include "leak/cursor.hpp"
#include "leak/sql_rows.hpp"

#include <sqlite3.h>

namespace isolite {

namespace {

constexpr int most = 3;

std::string text_literal(const std::string& text) {
    std::string literal = "'";
    for (const char c : text) {
        literal += c == '\'' ? "''" : std::string(1, c);
    }
    return literal + "'";
}

/// Returns the columns of a foreign key and their values in one row, as `customer=7`.
std::string values_of(sqlite3* connection, const std::string& table, const std::string& rowid,
                      const std::string& key) {
    const auto columns =
        rows(connection, "SELECT \"from\" FROM pragma_foreign_key_list(" + text_literal(table) +
                             ") WHERE id = " + key + " ORDER BY seq");
    std::string text;
    for (const auto& column : columns) {
        text += text.empty() ? "" : ", ";
        text += column[0];
        if (rowid != "NULL") { // which a table WITHOUT ROWID has not
            text +=
                "=" + first_value(connection, "SELECT quote(" + quoted_name(column[0]) + ") FROM " +
                                                  quoted_name(table) + " WHERE rowid = " + rowid);
        }
    }
    return text;
}

} // namespace

bool has_unresolved_keys(sqlite3* connection) noexcept {
    int unresolved = 0;
    int highest = 0;
    sqlite3_db_status(connection, SQLITE_DBSTATUS_DEFERRED_FKS, &unresolved, &highest, 0);
    return unresolved != 0;
}

std::vector<std::string> unresolved_keys(sqlite3* connection) {
    std::vector<std::string> clauses;
    const auto violations =
        rows(connection, "SELECT \"table\", rowid, parent, fkid FROM pragma_foreign_key_check "
                         "LIMIT " +
                             std::to_string(most + 1));
    for (const auto& row : violations) {
        if (static_cast<int>(clauses.size()) == most) {
            clauses.emplace_back("left more rows without the rows they refer to");
            break;
        }
        const std::string which = row[1] == "NULL" ? "a row" : "the row " + row[1];
        clauses.push_back("left " + which + " of '" + row[0] + "' (" +
                          values_of(connection, row[0], row[1], row[3]) + ") without the row of '" +
                          row[2] + "' that it refers to");
    }
    if (clauses.empty()) {
        clauses.emplace_back("left a deferred foreign key unresolved");
    }
    return clauses;
}

} // namespace isolite
