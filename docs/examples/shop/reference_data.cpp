#include "reference_data.hpp"

#include "error.hpp"
#include "savepoint.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace shop {
namespace {

std::string contents(const std::string& path, const std::string& hint) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw error("cannot read " + path + ": " + hint);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string json(const std::string& directory, const std::string& file) {
    return contents(directory + '/' + file,
                    "install the ISO lists with `apt-get install iso-codes`, or set SHOP_ISO_CODES "
                    "to the directory that has them");
}

void run_file(SQLite::Database& db, const std::string& path) {
    db.exec(contents(path, "the SQL files of the shop belong beside its sources"));
}

// iso-codes calls the only array of a file by the number of the standard: iso_4217.json -> "4217".
std::string array_of(const std::string& file) {
    const std::string standard = file.substr(4, file.size() - 4 - 5);
    return "$.\"" + standard + '"';
}

void insert_entries(SQLite::Database& db, const std::string& directory, const std::string& file,
                    const char* sql) {
    SQLite::Statement statement(db, sql);
    statement.bind(1, json(directory, file));
    statement.bind(2, array_of(file));
    statement.exec();
}

} // namespace

std::string iso_codes_directory() {
    const char* chosen = std::getenv("SHOP_ISO_CODES");
    return chosen != nullptr && *chosen != '\0' ? chosen : "/usr/share/iso-codes/json";
}

std::string iso_codes_text(const std::string& json_directory) {
    std::string all;
    for (const char* file : {countries_json, subdivisions_json, currencies_json, languages_json,
                             language_families_json})
        all += json(json_directory, file);
    return all;
}

std::string schema_file() {
    return SHOP_DIRECTORY "/schema.sql";
}

std::string reference_file() {
    return SHOP_DIRECTORY "/reference.sql";
}

void create_schema(SQLite::Database& db) {
    run_file(db, schema_file());
}

void load_countries(SQLite::Database& db, const std::string& json_directory) {
    insert_entries(db, json_directory, countries_json, R"(
        INSERT INTO countries (code, alpha_3, numeric_code, name, official_name)
        SELECT json_extract(value, '$.alpha_2'), json_extract(value, '$.alpha_3'),
               json_extract(value, '$.numeric'),
               coalesce(json_extract(value, '$.common_name'), json_extract(value, '$.name')),
               json_extract(value, '$.official_name')
        FROM json_each(?1, ?2))");
}

// The file writes a parent with or without the prefix of its country.
void load_subdivisions(SQLite::Database& db, const std::string& json_directory) {
    savepoint all(db);
    insert_entries(db, json_directory, subdivisions_json, R"(
        WITH entries (code, name, type, parent) AS (
            SELECT json_extract(value, '$.code'), json_extract(value, '$.name'),
                   json_extract(value, '$.type'), json_extract(value, '$.parent')
            FROM json_each(?1, ?2)
        )
        INSERT INTO subdivisions (code, country_code, name, type, parent_code)
        SELECT code, substr(code, 1, 2), name, type,
               CASE WHEN instr(parent, '-') THEN parent ELSE substr(code, 1, 3) || parent END
        FROM entries)");
    db.exec("UPDATE subdivisions SET parent_code = NULL WHERE parent_code IS NOT NULL"
            " AND parent_code NOT IN (SELECT code FROM subdivisions)");
    all.release();
}

// ISO 4217 knows the minor digits, iso-codes leaves them out: here are the ones that are not 2.
void load_currencies(SQLite::Database& db, const std::string& json_directory) {
    insert_entries(db, json_directory, currencies_json, R"(
        WITH entries (code, numeric_code, name) AS (
            SELECT json_extract(value, '$.alpha_3'), json_extract(value, '$.numeric'),
                   json_extract(value, '$.name')
            FROM json_each(?1, ?2)
        )
        INSERT INTO currencies (code, numeric_code, name, minor_digits)
        SELECT code, numeric_code, name,
               CASE
                   WHEN code IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG',
                                 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 0
                   WHEN code IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 3
                   WHEN code IN ('CLF', 'UYW') THEN 4
                   ELSE 2
               END
        FROM entries)");
}

void load_languages(SQLite::Database& db, const std::string& json_directory) {
    savepoint all(db);
    insert_entries(db, json_directory, languages_json, R"(
        INSERT INTO languages (code, alpha_2, name, scope)
        SELECT json_extract(value, '$.alpha_3'), json_extract(value, '$.alpha_2'),
               json_extract(value, '$.name'),
               CASE json_extract(value, '$.scope') WHEN 'I' THEN 'individual'
                   WHEN 'M' THEN 'macrolanguage' ELSE 'special' END
        FROM json_each(?1, ?2))");
    insert_entries(db, json_directory, language_families_json, R"(
        INSERT INTO languages (code, name, scope)
        SELECT json_extract(value, '$.alpha_3'), json_extract(value, '$.name'), 'family'
        FROM json_each(?1, ?2))");
    all.release();
}

void load_shop_rows(SQLite::Database& db) {
    savepoint all(db);
    run_file(db, reference_file());
    all.release();
}

void load_reference_data(SQLite::Database& db, const std::string& json_directory) {
    savepoint all(db);
    load_countries(db, json_directory);
    load_subdivisions(db, json_directory);
    load_currencies(db, json_directory);
    load_languages(db, json_directory);
    load_shop_rows(db);
    all.release();
}

std::int64_t json_entries(SQLite::Database& db, const std::string& json_directory,
                          const std::string& file) {
    SQLite::Statement statement(db, "SELECT json_array_length(?1, ?2)");
    statement.bind(1, json(json_directory, file));
    statement.bind(2, array_of(file));
    statement.executeStep();
    return statement.getColumn(0).getInt64();
}

} // namespace shop
