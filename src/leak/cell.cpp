#include "leak/cell.hpp"

#include <sqlite3.h>

#include <cstring>

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

std::string_view view(const void* begin, int size) {
    return begin ? std::string_view(static_cast<const char*>(begin), static_cast<std::size_t>(size))
                 : std::string_view();
}

} // namespace

int cell::type() const {
    return sqlite3_column_type(row, column);
}

std::string_view cell::bytes() const {
    if (is_utf16 && type() == SQLITE_TEXT) {
        // sqlite3_column_bytes would convert the text, and its order is another in UTF-8. The size
        // comes first, because asking for it converts a text that has been read as UTF-8.
        const int size = sqlite3_column_bytes16(row, column);
        return view(sqlite3_column_blob(row, column), size);
    }
    const void* begin = sqlite3_column_blob(row, column);
    return view(begin, sqlite3_column_bytes(row, column));
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
        const double values[] = {sqlite3_column_double(left.row, left.column),
                                 sqlite3_column_double(right.row, right.column)};
        return std::memcmp(&values[0], &values[1], sizeof(double)) == 0; // -0.0 is not 0.0
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
