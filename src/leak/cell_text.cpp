#include "leak/cell_text.hpp"

#include "error/utf8.hpp"
#include "leak/difference_limits.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace isolite {

namespace {

namespace limits = difference_limits;

std::string hexadecimal(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

std::string shown(const character& c) {
    switch (c.code) {
    case U'\n':
        return "\\n";
    case U'\r':
        return "\\r";
    case U'\t':
        return "\\t";
    case U'\\':
        return "\\\\";
    default:
        break;
    }
    if (!c.is_valid || c.code < 0x80) {
        return !c.is_valid || breaks_the_line(c.code) ? "\\x" + hexadecimal(c.bytes)
                                                      : std::string(c.bytes);
    }
    if (breaks_the_line(c.code)) {
        const std::array<char, 2> bytes = {static_cast<char>(c.code >> 8U),
                                           static_cast<char>(c.code & 0xFFU)};
        return "\\u" + hexadecimal({bytes.data(), bytes.size()});
    }
    return std::string(c.bytes);
}

std::string text_from(std::string_view text, std::size_t start) {
    std::string excerpt = start > 0 ? "'…" : "'";
    std::size_t position = start;
    for (std::size_t i = 0; i < limits::characters && position < text.size(); ++i) {
        const character next = character_at(text, position);
        excerpt += next.code == U'\'' && next.is_valid ? "''" : shown(next);
        position += next.bytes.size();
    }
    const bool is_cut = position < text.size();
    excerpt += is_cut ? "…'" : "'";
    return start > 0 || is_cut
               ? excerpt + " (" + std::to_string(count_characters(text)) + " characters)"
               : excerpt;
}

std::string blob_from(std::string_view blob, std::size_t start) {
    const std::string_view part = blob.substr(start, limits::bytes);
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
        return std::to_string(sqlite3_column_int64(value.row, value.column));
    case SQLITE_FLOAT:
        return real(sqlite3_column_double(value.row, value.column));
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
        return alike.size() < limits::bytes ? 0 : alike.size() - limits::shared_before;
    }
    if (count_characters(alike) < limits::characters) {
        return 0;
    }
    std::size_t start = place;
    for (std::size_t i = 0; i <= limits::shared_before && start > 0; ++i) {
        --start;
        while (start > 0 && is_continuation(before, start)) {
            --start;
        }
    }
    return start;
}

} // namespace

std::string one_line(std::string_view name) {
    std::string text;
    for (std::size_t i = 0; i < name.size();) {
        const character next = character_at(name, i);
        text += shown(next);
        i += next.bytes.size();
    }
    return text;
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

} // namespace isolite
