#include "leak/cell.hpp"

#include <sqlite3.h>

#include <cmath>

namespace isolite {

namespace {

template <typename Value>
int three_way(Value left, Value right) {
    return left < right ? -1 : left > right ? 1 : 0;
}

/// Compares without rounding the integer to a double, which has fewer digits.
int three_way(sqlite3_int64 left, double right) {
    constexpr double end = 9223372036854775808.0; // 2 to the power of 63
    if (right < -end) {
        return 1;
    }
    if (right >= end) {
        return -1;
    }
    const auto whole = static_cast<sqlite3_int64>(right);
    return left != whole ? three_way(left, whole)
                         : three_way(0.0, right - static_cast<double>(whole));
}

int rank(int type) {
    return type == SQLITE_NULL ? 0 : type == SQLITE_TEXT ? 2 : type == SQLITE_BLOB ? 3 : 1;
}

int order_of_numbers(const cell& left, const cell& right) {
    const bool left_is_integer = left.type() == SQLITE_INTEGER;
    const bool right_is_integer = right.type() == SQLITE_INTEGER;
    if (left_is_integer && right_is_integer) {
        return three_way(sqlite3_column_int64(left.row, left.column),
                         sqlite3_column_int64(right.row, right.column));
    }
    if (left_is_integer) {
        return three_way(sqlite3_column_int64(left.row, left.column),
                         sqlite3_column_double(right.row, right.column));
    }
    if (right_is_integer) {
        return -three_way(sqlite3_column_int64(right.row, right.column),
                          sqlite3_column_double(left.row, left.column));
    }
    return three_way(sqlite3_column_double(left.row, left.column),
                     sqlite3_column_double(right.row, right.column));
}

} // namespace

int cell::type() const {
    return sqlite3_column_type(row, column);
}

std::string_view cell::bytes() const {
    // In this order SQLite does not convert a text, whose order in UTF-8 is not that in UTF-16.
    // Source: https://www.sqlite.org/c3ref/column_blob.html
    const auto* begin = static_cast<const char*>(sqlite3_column_blob(row, column));
    const int size = sqlite3_column_bytes(row, column);
    return begin ? std::string_view(begin, static_cast<std::size_t>(size)) : std::string_view();
}

bool identical(const cell& left, const cell& right) {
    const int type = left.type();
    if (type != right.type()) {
        return false;
    }
    switch (type) {
    case SQLITE_NULL:
        return true;
    case SQLITE_INTEGER:
        return sqlite3_column_int64(left.row, left.column) ==
               sqlite3_column_int64(right.row, right.column);
    case SQLITE_FLOAT: {
        const double old_value = sqlite3_column_double(left.row, left.column);
        const double new_value = sqlite3_column_double(right.row, right.column);
        return old_value == new_value && std::signbit(old_value) == std::signbit(new_value);
    }
    default:
        return left.bytes() == right.bytes();
    }
}

int order(const cell& left, const cell& right) {
    const int left_rank = rank(left.type());
    const int right_rank = rank(right.type());
    if (left_rank != right_rank || left_rank == 0) {
        return three_way(left_rank, right_rank);
    }
    // A string_view compares bytes as memcmp does, and BINARY too, in every encoding.
    return left_rank == 1 ? order_of_numbers(left, right) : left.bytes().compare(right.bytes());
}

int order_of_types(const cell& left, const cell& right) {
    // SQLITE_INTEGER < SQLITE_FLOAT, as 'integer' < 'real'.
    return three_way(left.type(), right.type());
}

} // namespace isolite
