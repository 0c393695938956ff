#pragma once

#include "statements.hpp"

#include <vector>

namespace shop {

/// A country of ISO 3166-1.
struct country {
    std::string code;    ///< two letters, such as "DE"
    std::string alpha_3; ///< three letters, such as "DEU"
    std::string numeric_code;
    std::string name;
    std::optional<std::string> official_name;
};

/// A part of a country, ISO 3166-2.
struct subdivision {
    std::string code; ///< such as "DE-BE"
    std::string country_code;
    std::string name;
    std::string type;
    std::optional<std::string> parent_code;
};

/// How many subdivisions of one type a country has.
struct type_count {
    std::string type;
    std::int64_t count;
};

/// Looks up countries and their subdivisions.
class geography {
  public:
    explicit geography(SQLite::Database& db) : sql_(db) {}

    /// Finds a country by its two letters.
    std::optional<country> find_country(const std::string& code);
    /// Finds a country by its two letters. Errors: "there is no country XX".
    country get_country(const std::string& code);
    /// Finds a country by its three letters.
    std::optional<country> find_country_by_alpha_3(const std::string& alpha_3);
    /// Lists the countries whose name starts with `prefix`, whatever the case, by name.
    std::vector<country> countries_named(const std::string& prefix);
    /// Counts the countries.
    std::int64_t country_count();

    /// Finds a subdivision by its code.
    std::optional<subdivision> find_subdivision(const std::string& code);
    /// Finds a subdivision by its code. Errors: "there is no subdivision XX-YY".
    subdivision get_subdivision(const std::string& code);
    /// Lists the subdivisions of a country by code. Errors: "there is no country XX".
    std::vector<subdivision> subdivisions_of(const std::string& country_code);
    /// Lists the direct children of a subdivision by code.
    std::vector<subdivision> children_of(const std::string& subdivision_code);
    /// Counts the subdivisions of a country by type, the most frequent first.
    std::vector<type_count> subdivision_types(const std::string& country_code);
    /// Counts all subdivisions.
    std::int64_t subdivision_count();

    /// Checks that a subdivision, if any, lies in a country.
    /// Errors: "there is no country XX", "there is no subdivision XX-YY",
    /// "subdivision XX-YY is not in country ZZ".
    void check_place(const std::string& country_code,
                     const std::optional<std::string>& subdivision_code);

  private:
    statements sql_;
};

} // namespace shop
