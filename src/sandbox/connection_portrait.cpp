#include "sandbox/connection_portrait.hpp"

#include "leak/cursor.hpp"
#include "sandbox/database_answers.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace isolite::sandbox {

namespace {

/// The PRAGMAs that belong to a database rather than to a connection.
/// Source: https://www.sqlite.org/pragma.html
constexpr std::array<const char*, 6> database_pragmas = {
    "auto_vacuum", "default_cache_size", "encoding", "journal_mode", "page_size", "schema_version",
};

struct configuration {
    const char* name;
    int option;
    const char* pragma = nullptr; ///< That switches the same, if one does.
};

/// What sqlite3_db_config switches.
/// Source: https://www.sqlite.org/c3ref/c_dbconfig_defensive.html
constexpr configuration configurations[] = {
    {"SQLITE_DBCONFIG_ENABLE_TRIGGER", SQLITE_DBCONFIG_ENABLE_TRIGGER},
    {"SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER", SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER},
    {"SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION", SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION},
    {"SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE", SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE},
    {"SQLITE_DBCONFIG_ENABLE_QPSG", SQLITE_DBCONFIG_ENABLE_QPSG},
    {"SQLITE_DBCONFIG_TRIGGER_EQP", SQLITE_DBCONFIG_TRIGGER_EQP},
    {"SQLITE_DBCONFIG_RESET_DATABASE", SQLITE_DBCONFIG_RESET_DATABASE},
    {"SQLITE_DBCONFIG_DEFENSIVE", SQLITE_DBCONFIG_DEFENSIVE},
    {"SQLITE_DBCONFIG_DQS_DML", SQLITE_DBCONFIG_DQS_DML},
    {"SQLITE_DBCONFIG_DQS_DDL", SQLITE_DBCONFIG_DQS_DDL},
    {"SQLITE_DBCONFIG_ENABLE_VIEW", SQLITE_DBCONFIG_ENABLE_VIEW},
    {"SQLITE_DBCONFIG_LEGACY_FILE_FORMAT", SQLITE_DBCONFIG_LEGACY_FILE_FORMAT},
    {"SQLITE_DBCONFIG_ENABLE_FKEY", SQLITE_DBCONFIG_ENABLE_FKEY, "foreign_keys"},
    {"SQLITE_DBCONFIG_LEGACY_ALTER_TABLE", SQLITE_DBCONFIG_LEGACY_ALTER_TABLE,
     "legacy_alter_table"},
    {"SQLITE_DBCONFIG_TRUSTED_SCHEMA", SQLITE_DBCONFIG_TRUSTED_SCHEMA, "trusted_schema"},
    {"SQLITE_DBCONFIG_WRITABLE_SCHEMA", SQLITE_DBCONFIG_WRITABLE_SCHEMA, "writable_schema"},
#ifdef SQLITE_DBCONFIG_REVERSE_SCANORDER
    {"SQLITE_DBCONFIG_REVERSE_SCANORDER", SQLITE_DBCONFIG_REVERSE_SCANORDER,
     "reverse_unordered_selects"},
#endif
};

int switch_of(sqlite3* connection, int option) {
    int value = 0;
    sqlite3_db_config(connection, option, -1, &value);
    return value;
}

std::string named(const setting& which) {
    return "PRAGMA " + (which.schema.empty() ? "" : which.schema + ".") + which.name;
}

bool goes_with_pages(const setting& which) {
    return which.schema != "temp" &&
           std::any_of(database_pragmas.begin(), database_pragmas.end(),
                       [&which](const char* each) { return which.name == each; });
}

std::string changed(const std::string& what, const std::string& before, const std::string& now) {
    return "changed " + what + " from " + before + " to " + now;
}

using clauses = std::vector<std::string>;
using pairs = std::vector<std::pair<std::string, std::string>>;

void name_switches(clauses& found, const connection_portrait& left,
                   const connection_portrait& usual) {
    const auto is_heard = [&left](const char* pragma) {
        return pragma && std::any_of(left.settings.begin(), left.settings.end(),
                                     [=](const auto& each) { return each.first.name == pragma; });
    };
    for (std::size_t i = 0; i < std::size(configurations); ++i) {
        if (left.switches[i] != usual.switches[i] && !is_heard(configurations[i].pragma)) {
            const configuration& each = configurations[i];
            found.push_back(changed(each.pragma ? std::string("PRAGMA ") + each.pragma : each.name,
                                    std::to_string(usual.switches[i]),
                                    std::to_string(left.switches[i])));
        }
    }
    if (left.main_name != usual.main_name) {
        found.push_back(changed("SQLITE_DBCONFIG_MAINDBNAME", usual.main_name, left.main_name));
    }
}

void name_settings(clauses& found, const connection_portrait& left,
                   const connection_portrait& usual, bool database_may_change) {
    for (std::size_t i = 0; i < left.settings.size(); ++i) {
        const auto& [which, now] = left.settings[i];
        const auto& before = usual.settings[i].second;
        // One that cannot be read, because another connection locks the database, shows nothing.
        if (!now || now == before || (database_may_change && goes_with_pages(which)) ||
            which.name == "schema_version") { // which grows when a test is undone
            continue;
        }
        const std::string change = changed("PRAGMA " + which.name, before.value_or(""), *now);
        if (which.schema.empty()) {
            found.push_back(change);
        } else if (std::find(found.begin(), found.end(), change) == found.end()) {
            found.push_back(changed(named(which), before.value_or(""), *now));
        }
    }
}

/// Adds a clause for each pair of one list that another one does not have.
template <typename Text>
void name_missing(clauses& found, const pairs& list, const pairs& other, Text text) {
    for (const auto& each : list) {
        if (std::find(other.begin(), other.end(), each) == other.end()) {
            found.push_back(text(each));
        }
    }
}

/// Adds a clause for each schema that is not the database that it was.
void name_attached(clauses& found, const pairs& left, const pairs& usual) {
    const auto has = [](const pairs& list, const std::string& schema) {
        return std::any_of(list.begin(), list.end(),
                           [&schema](const auto& each) { return each.first == schema; });
    };
    name_missing(found, left, usual, [&](const auto& each) {
        return has(usual, each.first) ? clause_of_exchange(each.first)
                                      : "left the database '" + each.first + "' attached";
    });
    for (const auto& [schema, file] : usual) {
        if (!has(left, schema)) {
            found.push_back("detached the database '" + schema + "'");
        }
    }
}

} // namespace

std::string connection_portrait::file_of(const std::string& schema) const {
    const auto at = std::find_if(attached.begin(), attached.end(),
                                 [&schema](const auto& each) { return each.first == schema; });
    return at == attached.end() ? std::string() : at->second;
}

std::vector<int> switches_of(sqlite3* connection) {
    std::vector<int> switches;
    for (const configuration& each : configurations) {
        switches.push_back(switch_of(connection, each.option));
    }
    return switches;
}

connection_portrait look_at(sqlite3* connection, const std::vector<setting>& settings) {
    connection_portrait seen;
    for (const setting& each : settings) {
        seen.settings.emplace_back(each, value_of(connection, each));
    }
    seen.switches = switches_of(connection);
    seen.main_name = sqlite3_db_name(connection, 0);
    for (int i = 2; const char* const name = sqlite3_db_name(connection, i); ++i) {
        seen.attached.emplace_back(name, file_behind(connection, name));
    }
    if (has_temporary(connection)) { // looking would open it
        for (const auto& object :
             leak::rows(connection, "SELECT type, name FROM sqlite_temp_master "
                                    "WHERE type IN ('table', 'view', 'trigger') "
                                    "ORDER BY type DESC, name")) {
            seen.temporary.emplace_back(object[0], object[1]);
        }
    }
    return seen;
}

void forget_schemas(sqlite3* connection) {
    const int writable = switch_of(connection, SQLITE_DBCONFIG_WRITABLE_SCHEMA);
    leak::run(connection, "PRAGMA writable_schema = RESET"); // which switches it off as well
    sqlite3_db_config(connection, SQLITE_DBCONFIG_WRITABLE_SCHEMA, writable, nullptr);
}

void put_switches(sqlite3* connection, const connection_portrait& of) {
    for (std::size_t i = 0; i < std::size(configurations); ++i) {
        sqlite3_db_config(connection, configurations[i].option, of.switches[i], nullptr);
    }
}

std::string clause_of_exchange(const std::string& database) {
    return "put something else in the place of the database '" + database +
           "' (sqlite3_deserialize or ATTACH)";
}

std::vector<std::string> changes(const connection_portrait& left, const connection_portrait& usual,
                                 bool database_may_change) {
    clauses found;
    name_switches(found, left, usual);
    name_settings(found, left, usual, database_may_change);
    name_missing(found, left.temporary, usual.temporary, [](const auto& object) {
        return "left the temporary " + object.first + " '" + object.second + "' behind";
    });
    name_attached(found, left.attached, usual.attached);
    return found;
}

} // namespace isolite::sandbox
