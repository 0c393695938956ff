#include "leak/cell.hpp"

#include "text/hexadecimal.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <xxhash.h>

namespace isolite::leak {

namespace {

using text::hexadecimal;
// How much of a value is worth reading in the output of a test.
constexpr std::size_t most_characters = 40;
constexpr std::size_t most_bytes = 16;
constexpr std::size_t shared_before = 8; // shown before the place where two long values part

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
    if (left.type() == SQLITE_INTEGER) {
        return right.type() == SQLITE_INTEGER ? three_way(left.integer(), right.integer())
                                              : three_way(left.integer(), right.real());
    }
    return right.type() == SQLITE_INTEGER ? -three_way(right.integer(), left.real())
                                          : three_way(left.real(), right.real());
}

/// Returns a character as a literal in C++ has it, so that two texts never look the same.
std::string shown(const text::character& c) {
    if (c.bytes == "\\") {
        return "\\\\";
    }
    if (!c.is_valid || c.code < 0x80 || !text::breaks_the_line(c.code)) {
        return text::printable(c.bytes);
    }
    const std::array<char, 2> bytes = {static_cast<char>(c.code >> 8U),
                                       static_cast<char>(c.code & 0xFFU)};
    return "\\u" + hexadecimal({bytes.data(), bytes.size()});
}

std::string text_from(std::string_view text, std::size_t start) {
    std::string excerpt = start > 0 ? "'…" : "'";
    std::size_t position = start;
    for (std::size_t i = 0; i < most_characters && position < text.size(); ++i) {
        const text::character next = text::character_at(text, position);
        excerpt += next.code == U'\'' && next.is_valid ? "''" : shown(next);
        position += next.bytes.size();
    }
    const bool is_cut = position < text.size();
    excerpt += is_cut ? "…'" : "'";
    return start > 0 || is_cut
               ? excerpt + " (" + std::to_string(text::count_characters(text)) + " characters)"
               : excerpt;
}

std::string blob_from(std::string_view blob, std::size_t start) {
    const std::string_view part = blob.substr(start, most_bytes);
    const bool is_cut = start + part.size() < blob.size();
    const std::string excerpt =
        std::string(start > 0 ? "x'…" : "x'") + hexadecimal(part) + (is_cut ? "…'" : "'");
    return start > 0 || is_cut ? excerpt + " (" + std::to_string(blob.size()) + " bytes)" : excerpt;
}

std::string real(double value) {
    std::array<char, 32> buffer = {};
    char* const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    std::string text(buffer.data(), end);
    // What looks like an integer would be one.
    return text.find_first_not_of("-0123456789") == std::string::npos ? text + ".0" : text;
}

std::string_view utf8_or_blob(const cell& value) {
    if (value.type() == SQLITE_TEXT) {
        sqlite3_column_text(value.row, value.column); // converts what is not UTF-8
    }
    return value.bytes();
}

std::string text_from(const cell& value, std::size_t start) {
    switch (value.type()) {
    case SQLITE_NULL:
        return "NULL";
    case SQLITE_INTEGER:
        return std::to_string(value.integer());
    case SQLITE_FLOAT:
        return real(value.real());
    case SQLITE_TEXT:
        return text_from(utf8_or_blob(value), start);
    default:
        return blob_from(value.bytes(), start);
    }
}

/// Returns the byte of two texts or blobs from which on they are worth reading.
std::size_t start_of_difference(std::string_view before, std::string_view now, bool are_texts) {
    const std::size_t common = std::min(before.size(), now.size());
    const auto place = static_cast<std::size_t>(
        std::mismatch(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(common),
                      now.begin())
            .first -
        before.begin());
    const std::string_view alike = before.substr(0, place);
    if (!are_texts) {
        return alike.size() < most_bytes ? 0 : alike.size() - shared_before;
    }
    if (text::count_characters(alike) < most_characters) {
        return 0;
    }
    std::size_t start = place;
    for (std::size_t i = 0; i <= shared_before && start > 0; ++i) {
        --start;
        while (start > 0 && text::is_continuation(before, start)) {
            --start;
        }
    }
    return start;
}

} // namespace

std::string_view cell::bytes() const {
    // In this order SQLite does not convert a text, whose order in UTF-8 is not that in UTF-16.
    // Source: https://www.sqlite.org/c3ref/column_blob.html
    const auto* begin = static_cast<const char*>(sqlite3_column_blob(row, column));
    const int size = sqlite3_column_bytes(row, column);
    return begin ? std::string_view(begin, static_cast<std::size_t>(size)) : std::string_view();
}

bool identical(const cell& left, const cell& right) {
    if (left.type() != right.type()) {
        return false;
    }
    switch (left.type()) {
    case SQLITE_NULL:
        return true;
    case SQLITE_INTEGER:
        return left.integer() == right.integer();
    case SQLITE_FLOAT:
        return left.real() == right.real() &&
               std::signbit(left.real()) == std::signbit(right.real());
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

std::uint64_t digest_of(const cell& value, std::uint64_t before) {
    const int type = value.type();
    const std::uint64_t typed = before * 8 + static_cast<std::uint64_t>(type);
    if (type == SQLITE_INTEGER) {
        const sqlite3_int64 number = value.integer();
        return XXH3_64bits_withSeed(&number, sizeof number, typed);
    }
    if (type == SQLITE_FLOAT) {
        const double number = value.real();
        return XXH3_64bits_withSeed(&number, sizeof number, typed);
    }
    const std::string_view bytes = type == SQLITE_NULL ? std::string_view() : value.bytes();
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), typed);
}

std::string text_of(const cell& value) {
    return text_from(value, 0);
}

std::string text_of_change(const cell& before, const cell& now) {
    std::size_t start = 0;
    const int type = before.type();
    if (type == now.type() && (type == SQLITE_TEXT || type == SQLITE_BLOB)) {
        start = start_of_difference(utf8_or_blob(before), utf8_or_blob(now), type == SQLITE_TEXT);
    }
    return text_from(before, start) + " -> " + text_from(now, start);
}

} // namespace isolite::leak
