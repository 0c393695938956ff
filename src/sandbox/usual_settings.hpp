#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

struct sqlite3;

namespace isolite::sandbox {

/// A PRAGMA of one database of a connection. Its schema is "" where the PRAGMA was not qualified.
struct setting {
    std::string schema;
    std::string name;

    friend bool operator<(const setting& left, const setting& right) {
        return std::tie(left.schema, left.name) < std::tie(right.schema, right.name);
    }
};

/// Returns the value of a setting, nothing for a PRAGMA that shows none.
[[nodiscard]] std::optional<std::string> value_of(sqlite3* connection, const setting& which);

/// Says whether anything has opened the database for TEMP objects.
[[nodiscard]] bool has_temporary(sqlite3* connection);

/// What the settings of an engine's connection are when a test begins, as far as anybody asked:
/// those of a new connection, over them what was set outside of tests.
class usual_settings {
  public:
    /// Returns what is usual, nothing where it is not known yet.
    [[nodiscard]] const std::string* find(const setting& which) const;

    /// Learns from a new connection what is usual, without opening TEMP on it.
    void learn(sqlite3* fresh, const setting& which);

    /// Takes over what was set outside of tests; `present` puts it on a new connection.
    void choose(sqlite3* connection, const setting& which);
    void present(sqlite3* fresh) const;

  private:
    std::map<setting, std::string> usual_;
    std::vector<setting> chosen_; // in the order of their setting
};

} // namespace isolite::sandbox
