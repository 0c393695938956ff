#include "leak/schema_contents.hpp"

#include "leak/cursor.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace isolite::leak {

namespace {

/// What SQLite's own virtual tables append to their names. Where a table is called so without
/// belonging to the virtual table, SQLite knows better from 3.37 on.
/// Source: https://www.sqlite.org/vtab.html#the_xshadowname_method
constexpr std::array<std::string_view, 11> suffixes = {
    "config", "content", "data",   "docsize",  "idx",  "node",
    "parent", "rowid",   "segdir", "segments", "stat",
};

bool is_virtual(const std::string& sql) {
    return sql.rfind("CREATE VIRTUAL TABLE ", 0) == 0; // SQLite writes these words itself
}

/// Returns the virtual table with the longest name that begins this one, up to an underscore.
std::string virtual_table_of(const std::string& table,
                             const std::map<std::string, std::string>& tables) {
    for (std::size_t end = table.rfind('_'); end != std::string::npos && end > 0;
         end = table.rfind('_', end - 1)) {
        const auto found = tables.find(table.substr(0, end));
        if (found != tables.end() && is_virtual(found->second)) {
            return found->first;
        }
    }
    return "";
}

bool has_known_suffix(const std::string& table, const std::string& virtual_table) {
    const std::string_view suffix = std::string_view(table).substr(virtual_table.size() + 1);
    return std::find(suffixes.begin(), suffixes.end(), suffix) != suffixes.end();
}

void set_shadow_tables_apart(sqlite3* connection, schema_contents& contents) {
    // SQLite before 3.37 returns no rows at all.
    // Source: https://www.sqlite.org/pragma.html#pragma_table_list
    const auto listed = rows(connection, "PRAGMA " + quoted_name(contents.schema) + ".table_list");
    const auto is_shadow = [&listed](const std::string& table) {
        return std::any_of(listed.begin(), listed.end(), [&table](const auto& each) {
            return each[1] == table && each[2] == "shadow";
        });
    };
    for (auto each = contents.tables.begin(); each != contents.tables.end();) {
        const auto& [table, sql] = *each;
        const std::string owner = virtual_table_of(table, contents.tables);
        if (!owner.empty() &&
            (listed.empty() ? has_known_suffix(table, owner) : is_shadow(table))) {
            contents.shadow_tables[{owner, table}] = sql;
            each = contents.tables.erase(each);
        } else {
            ++each;
        }
    }
}

} // namespace

schema_contents contents_of(sqlite3* connection, const std::string& schema) {
    schema_contents contents;
    contents.schema = schema;
    cursor each(connection, "SELECT type, name, tbl_name, sql FROM " + quoted_name(schema) +
                                ".sqlite_master WHERE sql IS NOT NULL");
    for (; each.has_row(); each.next()) {
        const std::string type = each.text(0);
        const std::string name = each.text(1);
        if (type != "table") {
            contents.objects[{type, name}] = {each.text(2), each.text(3)};
        } else if (name == "sqlite_sequence") {
            contents.has_sequences = true;
        } else if (name.rfind("sqlite_stat", 0) == 0) {
            contents.statistics.insert(name);
        } else {
            contents.tables[name] = each.text(3);
        }
    }
    contents.failure = each.failure();
    if (contents.failure.empty()) {
        set_shadow_tables_apart(connection, contents);
    }
    return contents;
}

} // namespace isolite::leak
