#include "languages.hpp"

#include "error.hpp"

namespace shop {
namespace {

language language_in(const cursor& row) {
    return {row.text(0), row.optional_text(1), row.text(2), row.text(3)};
}

} // namespace

std::optional<language> languages::find(const std::string& code) {
    cursor row =
        sql_.select("SELECT code, alpha_2, name, scope FROM languages WHERE code = ?", code);
    return row.next() ? std::optional(language_in(row)) : std::nullopt;
}

language languages::get(const std::string& code) {
    auto found = find(code);
    if (!found)
        throw error("there is no language " + code);
    return *found;
}

std::optional<language> languages::find_by_alpha_2(const std::string& alpha_2) {
    cursor row =
        sql_.select("SELECT code, alpha_2, name, scope FROM languages WHERE alpha_2 = ?", alpha_2);
    return row.next() ? std::optional(language_in(row)) : std::nullopt;
}

std::vector<language> languages::named(const std::string& prefix) {
    std::vector<language> found;
    cursor rows = sql_.select("SELECT code, alpha_2, name, scope FROM languages"
                              " WHERE lower(substr(name, 1, length(?1))) = lower(?1)"
                              " ORDER BY name, code",
                              prefix);
    while (rows.next())
        found.push_back(language_in(rows));
    return found;
}

std::int64_t languages::count(const std::string& scope) {
    return sql_.number("SELECT count(*) FROM languages WHERE scope = ?", scope);
}

std::int64_t languages::count() {
    return sql_.number("SELECT count(*) FROM languages");
}

} // namespace shop
