#include "leak/unresolved_keys.hpp"

#include "leak/cursor.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <map>

namespace isolite::leak {

namespace {

constexpr int most = 3;

/// A row that refers to one that is not there, as PRAGMA foreign_key_check tells it.
using violation = std::vector<std::string>;
enum column : std::size_t { schema, table, rowid, parent, key }; // no rowid: "NULL"

/// Returns what a database violates, a row as often as it does.
std::vector<violation> violations(sqlite3* connection) {
    // CROSS JOIN: in the other order the function would not get its argument.
    return rows(connection, "SELECT name, \"table\", keys.rowid, parent, fkid FROM "
                            "pragma_database_list CROSS JOIN pragma_foreign_key_check(NULL, name) "
                            "AS keys");
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
          table_(quoted_name(broken[schema], broken[table])),
          keys_("pragma_foreign_key_list(" + text_literal(broken[table]) + ", " +
                text_literal(broken[schema]) + ") WHERE id = " + broken[key] + " ORDER BY seq"),
          where_(broken[rowid] == "NULL"
                     ? parentless() + " LIMIT 1 OFFSET " + std::to_string(number)
                     : "rowid = " + broken[rowid]) {}

    [[nodiscard]] std::string text() const {
        const std::string which =
            broken_[rowid] == "NULL"
                ? values("SELECT name FROM pragma_table_info(" + text_literal(broken_[table]) +
                         ", " + text_literal(broken_[schema]) + ") WHERE pk > 0 ORDER BY pk")
                : broken_[rowid];
        const std::string prefix = broken_[schema] == "main" ? "" : broken_[schema] + ".";
        return "the row " + which + " of '" + prefix + broken_[table] + "' (" +
               values("SELECT \"from\" FROM " + keys_) + ")";
    }

  private:
    /// Returns what is true of the rows that refer to a row which is not there.
    [[nodiscard]] std::string parentless() const {
        std::string own;
        const std::string column_of_parent =
            "coalesce(\"to\", (SELECT name FROM pragma_table_info(\"table\", " +
            text_literal(broken_[schema]) + ") WHERE pk = seq + 1))";
        const std::string same =
            joined(connection_, "SELECT \"from\", " + column_of_parent + " FROM " + keys_, " AND ",
                   [&own](const std::vector<std::string>& columns) {
                       const std::string child = quoted_name(columns[0]);
                       own += child + " IS NOT NULL AND ";
                       return "parent." + quoted_name(columns[1]) + " = child." + child;
                   });
        return own + "NOT EXISTS (SELECT 1 FROM " + quoted_name(broken_[schema], broken_[parent]) +
               " AS parent WHERE " + same + ")";
    }

    /// Returns the values of the columns that a query names.
    [[nodiscard]] std::string values(const std::string& columns) const {
        return joined(connection_, columns, ", ", [&](const std::vector<std::string>& name) {
            return name[0] + "=" +
                   first_value(connection_, "SELECT quote(" + quoted_name(name[0]) + ") FROM " +
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
            ++numbers[each[schema] + "." + each[table] + "." + each[key]];
            continue;
        }
        if (static_cast<int>(clauses.size()) == most) {
            clauses.emplace_back("left more rows without the rows they refer to");
            break;
        }
        const int number = numbers[each[schema] + "." + each[table] + "." + each[key]]++;
        clauses.push_back("left " + broken_row(connection, each, number).text() +
                          " without the row of '" + each[parent] + "' that it refers to");
    }
    if (clauses.empty()) {
        clauses.emplace_back("left a deferred foreign key unresolved");
    }
    return clauses;
}

} // namespace isolite::leak
