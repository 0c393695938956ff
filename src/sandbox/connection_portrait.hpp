#pragma once

#include "sandbox/usual_settings.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace isolite::sandbox {

/// What a connection is like, as far as it can be read.
struct connection_portrait {
    std::vector<std::pair<setting, std::optional<std::string>>> settings;
    std::vector<int> switches; ///< Of sqlite3_db_config.
    std::string main_name;
    std::vector<std::pair<std::string, std::string>> attached;  ///< Schemas and files.
    std::vector<std::pair<std::string, std::string>> temporary; ///< Types and names of objects.

    /// Returns the file that is attached as a schema, "" where there is none.
    [[nodiscard]] std::string file_of(const std::string& schema) const;
};

/// Returns what sqlite3_db_config switches on a connection.
[[nodiscard]] std::vector<int> switches_of(sqlite3* connection);

/// Looks at a connection; of the settings only at those that are named.
[[nodiscard]] connection_portrait look_at(sqlite3* connection,
                                          const std::vector<setting>& settings);

/// Makes a connection forget its schemas, so that virtual tables give up what they keep on it.
void forget_schemas(sqlite3* connection);

/// Gives a connection the switches of another one.
void put_switches(sqlite3* connection, const connection_portrait& of);

/// Returns what differs between a connection as a test left it and one as it should be, each as a
/// clause that reads after "it". What belongs to a database goes with its pages: where these were
/// the test's to change, it is no change.
[[nodiscard]] std::vector<std::string> changes(const connection_portrait& left,
                                               const connection_portrait& usual,
                                               bool database_may_change);

/// Returns the clause of those for a database that another one has taken the place of.
[[nodiscard]] std::string clause_of_exchange(const std::string& database);

} // namespace isolite::sandbox
