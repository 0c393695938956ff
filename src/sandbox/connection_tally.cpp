#include "sandbox/connection_tally.hpp"

#include "sandbox/connection_portrait.hpp"
#include "sandbox/known_pragmas.hpp"

#include <sqlite3.h>

#include <tuple>

namespace isolite::sandbox {

connection_tally::connection_tally(sqlite3* connection, std::uint64_t schema_changes)
    : schema_changes_(schema_changes), rows_(sqlite3_total_changes(connection)),
      is_writing_(sqlite3_txn_state(connection, nullptr) == SQLITE_TXN_WRITE),
      is_outside_(sqlite3_get_autocommit(connection) != 0), switches_(switches_of(connection)) {
    const auto read = [&](const char* pragma) {
        if (reads(pragma)) {
            settings_.push_back(value_of(connection, {"", pragma}));
        }
    };
    for (const char* const each : numeric_pragmas) {
        read(each);
    }
    for (const char* const each : flag_pragmas) {
        read(each);
    }
}

bool connection_tally::operator!=(const connection_tally& other) const {
    const auto all = [](const connection_tally& of) {
        return std::tie(of.schema_changes_, of.rows_, of.is_writing_, of.is_outside_, of.switches_,
                        of.settings_);
    };
    return all(*this) != all(other);
}

bool connection_tally::reads(const char* pragma) {
    const bool takes_lock = sqlite3_stricmp(pragma, "max_page_count") == 0; // to be told
    return !takes_lock && (is_one_of(numeric_pragmas, pragma) || is_one_of(flag_pragmas, pragma) ||
                           sqlite3_stricmp(pragma, "foreign_keys") == 0);
}

} // namespace isolite::sandbox
