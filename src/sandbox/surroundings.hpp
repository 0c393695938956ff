#pragma once

#include "sandbox/connection.hpp"
#include "sandbox/connection_portrait.hpp"

#include <SQLiteCpp/Database.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace isolite::sandbox {

/// What others did to a connection before a session: a suite, or the program's own set-up.
struct surroundings {
    struct copy {
        std::string schema;
        std::unique_ptr<SQLite::Database> content;
    };

    std::optional<connection_portrait> portrait; ///< Nothing where it is that of a new connection.
    std::vector<copy>
        copies; ///< Of databases that are in no layer: TEMP, and those without a file.
};

/// Returns what a session is in. `schemas` are those of the databases with layers.
[[nodiscard]] surroundings look_around(sqlite3* handle, connection& used,
                                       const std::vector<std::string>& schemas);

/// Gives it to a new connection.
void put_back(sqlite3* handle, const std::vector<std::string>& schemas, const surroundings& found);

} // namespace isolite::sandbox
