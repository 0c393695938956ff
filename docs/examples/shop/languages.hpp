#pragma once

#include "statements.hpp"

#include <vector>

namespace shop {

/// A language of ISO 639-3, or a family of ISO 639-5.
struct language {
    std::string code; ///< three letters, such as "deu"
    std::optional<std::string> alpha_2;
    std::string name;
    std::string scope; ///< "individual", "macrolanguage", "special" or "family"
};

/// Looks up languages.
class languages {
  public:
    explicit languages(SQLite::Database& db) : sql_(db) {}

    /// Finds a language by its three letters.
    std::optional<language> find(const std::string& code);
    /// Finds a language by its three letters. Errors: "there is no language xxx".
    language get(const std::string& code);
    /// Finds a language by its two letters, if it has them.
    std::optional<language> find_by_alpha_2(const std::string& alpha_2);
    /// Lists the languages whose name starts with `prefix`, whatever the case, by name.
    std::vector<language> named(const std::string& prefix);
    /// Counts the languages of one scope.
    std::int64_t count(const std::string& scope);
    /// Counts languages and families.
    std::int64_t count();

  private:
    statements sql_;
};

} // namespace shop
