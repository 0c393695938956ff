#include "geography.hpp"

#include "error.hpp"

namespace shop {
namespace {

country country_in(const cursor& row) {
    return {row.text(0), row.text(1), row.text(2), row.text(3), row.optional_text(4)};
}

subdivision subdivision_in(const cursor& row) {
    return {row.text(0), row.text(1), row.text(2), row.text(3), row.optional_text(4)};
}

std::vector<subdivision> subdivisions_in(cursor&& rows) {
    std::vector<subdivision> found;
    while (rows.next())
        found.push_back(subdivision_in(rows));
    return found;
}

} // namespace

std::optional<country> geography::find_country(const std::string& code) {
    cursor row = sql_.select(
        "SELECT code, alpha_3, numeric_code, name, official_name FROM countries WHERE code = ?",
        code);
    return row.next() ? std::optional(country_in(row)) : std::nullopt;
}

country geography::get_country(const std::string& code) {
    auto found = find_country(code);
    if (!found)
        throw error("there is no country " + code);
    return *found;
}

std::optional<country> geography::find_country_by_alpha_3(const std::string& alpha_3) {
    cursor row = sql_.select(
        "SELECT code, alpha_3, numeric_code, name, official_name FROM countries WHERE alpha_3 = ?",
        alpha_3);
    return row.next() ? std::optional(country_in(row)) : std::nullopt;
}

std::vector<country> geography::countries_named(const std::string& prefix) {
    std::vector<country> found;
    cursor rows = sql_.select("SELECT code, alpha_3, numeric_code, name, official_name"
                              " FROM countries WHERE lower(substr(name, 1, length(?1))) = lower(?1)"
                              " ORDER BY name",
                              prefix);
    while (rows.next())
        found.push_back(country_in(rows));
    return found;
}

std::int64_t geography::country_count() {
    return sql_.number("SELECT count(*) FROM countries");
}

std::optional<subdivision> geography::find_subdivision(const std::string& code) {
    cursor row = sql_.select(
        "SELECT code, country_code, name, type, parent_code FROM subdivisions WHERE code = ?",
        code);
    return row.next() ? std::optional(subdivision_in(row)) : std::nullopt;
}

subdivision geography::get_subdivision(const std::string& code) {
    auto found = find_subdivision(code);
    if (!found)
        throw error("there is no subdivision " + code);
    return *found;
}

std::vector<subdivision> geography::subdivisions_of(const std::string& country_code) {
    get_country(country_code);
    return subdivisions_in(sql_.select("SELECT code, country_code, name, type, parent_code"
                                       " FROM subdivisions WHERE country_code = ? ORDER BY code",
                                       country_code));
}

std::vector<subdivision> geography::children_of(const std::string& subdivision_code) {
    return subdivisions_in(sql_.select("SELECT code, country_code, name, type, parent_code"
                                       " FROM subdivisions WHERE parent_code = ? ORDER BY code",
                                       subdivision_code));
}

std::vector<type_count> geography::subdivision_types(const std::string& country_code) {
    std::vector<type_count> found;
    cursor rows = sql_.select("SELECT type, count(*) FROM subdivisions WHERE country_code = ?"
                              " GROUP BY type ORDER BY count(*) DESC, type",
                              country_code);
    while (rows.next())
        found.push_back({rows.text(0), rows.integer(1)});
    return found;
}

std::int64_t geography::subdivision_count() {
    return sql_.number("SELECT count(*) FROM subdivisions");
}

void geography::check_place(const std::string& country_code,
                            const std::optional<std::string>& subdivision_code) {
    get_country(country_code);
    if (subdivision_code && get_subdivision(*subdivision_code).country_code != country_code)
        throw error("subdivision " + *subdivision_code + " is not in country " + country_code);
}

} // namespace shop
