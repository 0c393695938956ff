#include "currencies.hpp"

#include "error.hpp"

namespace shop {
namespace {

currency currency_in(const cursor& row) {
    return {row.text(0), row.text(1), row.text(2), row.integer(3)};
}

} // namespace

std::optional<currency> currencies::find(const std::string& code) {
    cursor row = sql_.select(
        "SELECT code, numeric_code, name, minor_digits FROM currencies WHERE code = ?", code);
    return row.next() ? std::optional(currency_in(row)) : std::nullopt;
}

currency currencies::get(const std::string& code) {
    auto found = find(code);
    if (!found)
        throw error("there is no currency " + code);
    return *found;
}

std::vector<currency> currencies::with_minor_digits(std::int64_t minor_digits) {
    std::vector<currency> found;
    cursor rows = sql_.select("SELECT code, numeric_code, name, minor_digits FROM currencies"
                              " WHERE minor_digits = ? ORDER BY code",
                              minor_digits);
    while (rows.next())
        found.push_back(currency_in(rows));
    return found;
}

std::int64_t currencies::count() {
    return sql_.number("SELECT count(*) FROM currencies");
}

std::string currencies::format(std::int64_t amount_minor, const std::string& code) {
    const auto digits = static_cast<std::size_t>(get(code).minor_digits);
    const bool negative = amount_minor < 0;
    std::string written = std::to_string(amount_minor);
    if (negative)
        written.erase(0, 1);
    if (written.size() <= digits)
        written.insert(0, digits + 1 - written.size(), '0');
    if (digits > 0)
        written.insert(written.size() - digits, 1, '.');
    return (negative ? "-" : "") + written + ' ' + code;
}

} // namespace shop
