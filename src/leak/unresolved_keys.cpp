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

/// A row that refers to one that is not there, as PRAGMA foreign_key_check tells it.
struct violation {
    std::string schema;
    std::string table;
    std::string rowid; // NULL in a table WITHOUT ROWID
    std::string parent;
    std::string key;
};

std::vector<violation> violations(sqlite3* connection, int limit) {
    std::vector<violation> found;
    // CROSS JOIN: in the other order the function would not get its argument.
    for (const auto& row :
         rows(connection, "SELECT name, \"table\", keys.rowid, parent, fkid FROM "
                          "pragma_database_list CROSS JOIN pragma_foreign_key_check(NULL, name) "
                          "AS keys LIMIT " +
                              std::to_string(limit))) {
        found.push_back({row[0], row[1], row[2], row[3], row[4]});
    }
    return found;
}

/// Returns the columns of a foreign key and their values in one row, as `customer=7`.
std::string values_of(sqlite3* connection, const violation& broken) {
    const auto columns =
        rows(connection, "SELECT \"from\" FROM pragma_foreign_key_list(" +
                             text_literal(broken.table) + ", " + text_literal(broken.schema) +
                             ") WHERE id = " + broken.key + " ORDER BY seq");
    std::string text;
    for (const auto& column : columns) {
        text += text.empty() ? "" : ", ";
        text += column[0];
        if (broken.rowid != "NULL") {
            text += "=" + first_value(connection, "SELECT quote(" + quoted_name(column[0]) +
                                                      ") FROM " + quoted_name(broken.schema) + "." +
                                                      quoted_name(broken.table) +
                                                      " WHERE rowid = " + broken.rowid);
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
    for (const violation& each : violations(connection, most + 1)) {
        if (static_cast<int>(clauses.size()) == most) {
            clauses.emplace_back("left more rows without the rows they refer to");
            break;
        }
        const std::string which = each.rowid == "NULL" ? "a row" : "the row " + each.rowid;
        const std::string table = (each.schema == "main" ? "" : each.schema + ".") + each.table;
        clauses.push_back("left " + which + " of '" + table + "' (" + values_of(connection, each) +
                          ") without the row of '" + each.parent + "' that it refers to");
    }
    if (clauses.empty()) {
        clauses.emplace_back("left a deferred foreign key unresolved");
    }
    return clauses;
}

} // namespace isolite
