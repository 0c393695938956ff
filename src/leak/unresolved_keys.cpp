#include "leak/unresolved_keys.hpp"

#include "leak/cursor.hpp"
#include "leak/sql_rows.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace isolite {

namespace {

constexpr int most = 3;

/// A row that refers to one that is not there, as PRAGMA foreign_key_check tells it.
struct violation {
    std::string schema;
    std::string table;
    std::string rowid; // NULL in a table WITHOUT ROWID
    std::string parent;
    std::string key;

    friend bool operator==(const violation& left, const violation& right) {
        return std::tie(left.schema, left.table, left.rowid, left.parent, left.key) ==
               std::tie(right.schema, right.table, right.rowid, right.parent, right.key);
    }
};

/// Returns what a database violates, a row as often as it does.
std::vector<violation> violations(sqlite3* connection) {
    std::vector<violation> found;
    // CROSS JOIN: in the other order the function would not get its argument.
    for (const auto& row :
         rows(connection, "SELECT name, \"table\", keys.rowid, parent, fkid FROM "
                          "pragma_database_list CROSS JOIN pragma_foreign_key_check(NULL, name) "
                          "AS keys")) {
        found.push_back({row[0], row[1], row[2], row[3], row[4]});
    }
    return found;
}

/// Joins what `text_of` makes of each row of a query.
template <typename Text>
std::string joined(sqlite3* connection, const std::string& query, const char* separator,
                   Text text_of) {
    std::string text;
    for (const auto& row : rows(connection, query)) {
        text += (text.empty() ? "" : separator) + text_of(row);
    }
    return text;
}

/// Says which row it is and what its key holds: `the row 4 of 'orders' (customer=7)`.
class broken_row {
  public:
    broken_row(sqlite3* connection, const violation& broken, int number)
        : connection_(connection), broken_(broken),
          table_(quoted_name(broken.schema) + "." + quoted_name(broken.table)),
          keys_("pragma_foreign_key_list(" + text_literal(broken.table) + ", " +
                text_literal(broken.schema) + ") WHERE id = " + broken.key + " ORDER BY seq"),
          where_(broken.rowid == "NULL" ? parentless() + " LIMIT 1 OFFSET " + std::to_string(number)
                                        : "rowid = " + broken.rowid) {}

    [[nodiscard]] std::string text() const {
        const std::string which =
            broken_.rowid == "NULL"
                ? values("SELECT name FROM pragma_table_info(" + text_literal(broken_.table) +
                         ", " + text_literal(broken_.schema) + ") WHERE pk > 0 ORDER BY pk")
                : broken_.rowid;
        const std::string schema = broken_.schema == "main" ? "" : broken_.schema + ".";
        return "the row " + which + " of '" + schema + broken_.table + "' (" +
               values("SELECT \"from\" FROM " + keys_) + ")";
    }

  private:
    /// Returns what is true of the rows that refer to a row which is not there.
    [[nodiscard]] std::string parentless() const {
        std::string own;
        const std::string same =
            joined(connection_, "SELECT \"from\", \"to\", seq + 1 FROM " + keys_, " AND ",
                   [&](const std::vector<std::string>& key) {
                       own += quoted_name(key[0]) + " IS NOT NULL AND ";
                       const std::string to =
                           key[1] != "NULL" ? key[1] : primary_key_of_parent(key[2]);
                       return "parent." + quoted_name(to) + " = child." + quoted_name(key[0]);
                   });
        return own + "NOT EXISTS (SELECT 1 FROM " + quoted_name(broken_.schema) + "." +
               quoted_name(broken_.parent) + " AS parent WHERE " + same + ")";
    }
    [[nodiscard]] std::string primary_key_of_parent(const std::string& position) const {
        return first_value(connection_,
                           "SELECT name FROM pragma_table_info(" + text_literal(broken_.parent) +
                               ", " + text_literal(broken_.schema) + ") WHERE pk = " + position);
    }
    /// Returns the values of the columns that a query names.
    [[nodiscard]] std::string values(const std::string& columns) const {
        return joined(connection_, columns, ", ", [&](const std::vector<std::string>& column) {
            return column[0] + "=" +
                   first_value(connection_, "SELECT quote(" + quoted_name(column[0]) + ") FROM " +
                                                table_ + " AS child WHERE " + where_);
        });
    }

    sqlite3* connection_;
    const violation& broken_;
    std::string table_;
    std::string keys_;
    std::string where_;
};

} // namespace

bool has_unresolved_keys(sqlite3* connection) noexcept {
    int unresolved = 0;
    int highest = 0;
    sqlite3_db_status(connection, SQLITE_DBSTATUS_DEFERRED_FKS, &unresolved, &highest, 0);
    return unresolved != 0;
}

std::vector<std::string> unresolved_keys(sqlite3* connection, sqlite3* before) {
    std::vector<std::string> clauses;
    std::map<std::string, int> numbers; // of the rows that violate the same key
    std::vector<violation> old = before ? violations(before) : std::vector<violation>();
    for (const violation& each : violations(connection)) {
        if (const auto same = std::find(old.begin(), old.end(), each); same != old.end()) {
            old.erase(same);
            ++numbers[each.schema + "." + each.table + "." + each.key];
            continue;
        }
        if (static_cast<int>(clauses.size()) == most) {
            clauses.emplace_back("left more rows without the rows they refer to");
            break;
        }
        const int number = numbers[each.schema + "." + each.table + "." + each.key]++;
        clauses.push_back("left " + broken_row(connection, each, number).text() +
                          " without the row of '" + each.parent + "' that it refers to");
    }
    if (clauses.empty()) {
        clauses.emplace_back("left a deferred foreign key unresolved");
    }
    return clauses;
}

} // namespace isolite
