#pragma once

#include <isolite/visibility.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace isolite {

/// The bytes of a BLOB.
using blob = std::vector<std::byte>;

/// One value as SQLite stores it: NULL, INTEGER, REAL, TEXT or BLOB.
using cell = std::variant<std::nullptr_t, std::int64_t, double, std::string, blob>;

/// Thrown by the query functions, so that the test which asked fails with the reason.
class ISOLITE_API query_error : public std::runtime_error {
  public:
    /// Takes what could not be done (`run`), the statement, why, and the code of SQLite, if any.
    query_error(std::string_view action, std::string_view sql, std::string reason,
                int sqlite_code = 0);

    /// Returns why alone: SQLite's own words where it refused the statement.
    [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

    /// Returns the extended result code of SQLite, 0 where SQLite had no part in it.
    [[nodiscard]] int sqlite_code() const noexcept { return sqlite_code_; }

  private:
    std::string reason_;
    int sqlite_code_;
};

template <typename Value>
struct is_optional : std::false_type {};
template <typename Value>
struct is_optional<std::optional<Value>> : std::true_type {};

/// Makes a cell of a C++ value: integers, bool, floating point, text, `blob`, nullptr, optional.
template <typename Value>
[[nodiscard]] cell to_cell(const Value& value) {
    if constexpr (std::is_same_v<Value, std::nullptr_t> || std::is_same_v<Value, std::nullopt_t>) {
        return nullptr;
    } else if constexpr (is_optional<Value>::value) {
        return value ? to_cell(*value) : cell(nullptr);
    } else if constexpr (std::is_integral_v<Value> || std::is_enum_v<Value>) {
        return static_cast<std::int64_t>(value);
    } else if constexpr (std::is_floating_point_v<Value>) {
        return static_cast<double>(value);
    } else if constexpr (std::is_same_v<Value, blob>) {
        return value;
    } else {
        return std::string(std::string_view(value));
    }
}

/// Makes a C++ value of a cell. An optional takes NULL; a floating point takes an INTEGER too.
/// Returns nothing where the cell holds another type or an integer that does not fit.
template <typename Value>
[[nodiscard]] std::optional<Value> from_cell(const cell& source) {
    if constexpr (is_optional<Value>::value) {
        if (std::holds_alternative<std::nullptr_t>(source)) {
            return Value();
        }
        auto inner = from_cell<typename Value::value_type>(source);
        return inner ? std::optional<Value>(std::in_place, std::move(*inner)) : std::nullopt;
    } else if constexpr (std::is_same_v<Value, bool>) {
        const auto* integer = std::get_if<std::int64_t>(&source);
        return integer && (*integer == 0 || *integer == 1) ? std::optional<bool>(*integer == 1)
                                                           : std::nullopt;
    } else if constexpr (std::is_integral_v<Value>) {
        const auto* integer = std::get_if<std::int64_t>(&source);
        const bool fits = integer && (std::is_signed_v<Value> || *integer >= 0) &&
                          static_cast<std::int64_t>(static_cast<Value>(*integer)) == *integer;
        return fits ? std::optional<Value>(static_cast<Value>(*integer)) : std::nullopt;
    } else if constexpr (std::is_floating_point_v<Value>) {
        if (const auto* integer = std::get_if<std::int64_t>(&source)) {
            return static_cast<Value>(*integer);
        }
        const auto* real = std::get_if<double>(&source);
        return real ? std::optional<Value>(static_cast<Value>(*real)) : std::nullopt;
    } else {
        const auto* same = std::get_if<Value>(&source);
        return same ? std::optional<Value>(*same) : std::nullopt;
    }
}

/// Throws the `query_error` for a cell that is not what the caller asked for.
[[noreturn]] ISOLITE_API void throw_unexpected_cell(std::string_view sql, const cell& found);

/// Makes a C++ value of a cell that a query has returned.
/// Errors: throws `query_error` where `from_cell` returns nothing.
template <typename Value>
[[nodiscard]] Value cell_as(std::string_view sql, const cell& source) {
    auto value = from_cell<Value>(source);
    if (!value) {
        throw_unexpected_cell(sql, source);
    }
    return std::move(*value);
}

} // namespace isolite
