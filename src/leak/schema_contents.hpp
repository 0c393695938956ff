#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

struct sqlite3;

namespace isolite::leak {

/// What one schema of a connection consists of, sorted by name.
struct schema_contents {
    std::string schema;
    std::map<std::string, std::string> tables; ///< Name to SQL, those of virtual tables as well.
    /// The tables in which virtual tables keep their data: the virtual table and the name to SQL.
    std::map<std::pair<std::string, std::string>, std::string> shadow_tables;
    /// The indexes, triggers and views that have SQL of their own: type and name to the table that
    /// they belong to, and SQL.
    std::map<std::pair<std::string, std::string>, std::pair<std::string, std::string>> objects;
    std::set<std::string> statistics; ///< The tables of ANALYZE.
    bool has_sequences = false;
    std::string failure; ///< Why the schema cannot be read, mostly empty.
};

/// Reads a schema.
[[nodiscard]] schema_contents contents_of(sqlite3* connection, const std::string& schema);

/// Returns the names in either of two maps.
template <typename Map>
[[nodiscard]] std::set<typename Map::key_type> names_in(const Map& before, const Map& now) {
    std::set<typename Map::key_type> names;
    for (const Map* map : {&before, &now}) {
        for (const auto& each : *map) {
            names.insert(each.first);
        }
    }
    return names;
}

/// Says what became of the entry of one name: "added", "dropped", "changed", or nothing.
template <typename Map>
[[nodiscard]] std::string change_of(const typename Map::key_type& name, const Map& before,
                                    const Map& now) {
    const auto old_entry = before.find(name);
    const auto new_entry = now.find(name);
    if (old_entry == before.end() || new_entry == now.end()) {
        return old_entry != before.end() ? "dropped" : new_entry != now.end() ? "added" : "";
    }
    return old_entry->second == new_entry->second ? "" : "changed";
}

} // namespace isolite::leak
