#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace isolite::cli {

/// A text in JSON.
struct json {
    std::string text;
};

using json_value = std::variant<std::nullptr_t, bool, std::int64_t, std::string, json>;

/// What an object has, in order. Units: a name that ends in `_bytes` or `_seconds` tells them.
using json_members = std::vector<std::pair<std::string, json_value>>;

/// Lets SQLite write JSON.
class json_writer {
  public:
    /// Errors: this and the others throw SQLite::Exception, for instance where SQLite before 3.38
    ///   was built without its JSON functions.
    json_writer();

    [[nodiscard]] json object(const json_members& members);
    [[nodiscard]] json array(const std::vector<json>& elements);
    [[nodiscard]] json string(const std::string& text);

  private:
    SQLite::Database database_;
};

} // namespace isolite::cli
