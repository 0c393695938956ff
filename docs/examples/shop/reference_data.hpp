#pragma once

#include <cstdint>
#include <string>

namespace SQLite {
class Database;
}

namespace shop {

/// Names the directory of iso-codes' JSON files: SHOP_ISO_CODES, else /usr/share/iso-codes/json.
std::string iso_codes_directory();

/// Names the file with the tables, views and triggers of the shop.
std::string schema_file();
/// Names the file with the shop's own reference data.
std::string reference_file();

/// The files of iso-codes that the shop reads.
inline constexpr const char* countries_json = "iso_3166-1.json";
inline constexpr const char* subdivisions_json = "iso_3166-2.json";
inline constexpr const char* currencies_json = "iso_4217.json";
inline constexpr const char* languages_json = "iso_639-3.json";
inline constexpr const char* language_families_json = "iso_639-5.json";

/// Returns the text of all these files, by which one can tell whether any of them has changed.
/// Throws `shop::error` when one is missing.
std::string iso_codes_text(const std::string& json_directory);

/// Creates the tables of the shop in an empty database.
void create_schema(SQLite::Database& db);

/// Reads the countries (ISO 3166-1). All these throw `shop::error` when the file is missing.
void load_countries(SQLite::Database& db, const std::string& json_directory);
/// Reads the subdivisions (ISO 3166-2). Requires: the countries.
void load_subdivisions(SQLite::Database& db, const std::string& json_directory);
/// Reads the currencies (ISO 4217).
void load_currencies(SQLite::Database& db, const std::string& json_directory);
/// Reads the languages (ISO 639-3) and the language families (ISO 639-5).
void load_languages(SQLite::Database& db, const std::string& json_directory);
/// Adds the shop's own rows: categories, products, stock, customers, promotions.
/// Requires: the four lists above.
void load_shop_rows(SQLite::Database& db);

/// Loads everything above, in order, into the tables `create_schema` made.
void load_reference_data(SQLite::Database& db,
                         const std::string& json_directory = iso_codes_directory());

/// Counts the entries of one of iso-codes' files, so that a test need not know them.
std::int64_t json_entries(SQLite::Database& db, const std::string& json_directory,
                          const std::string& file);

} // namespace shop
