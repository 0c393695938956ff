#include "ledger/record_line.hpp"

#include "error/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace isolite {

namespace {

/// Says whether a character of ASCII stands for itself in a string of JSON.
bool is_plain(char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

} // namespace

record_line& record_line::begin(std::string_view kind, std::chrono::nanoseconds start) {
    text_ = "{\"kind\":\"";
    text_ += kind; // one of ours
    text_ += '"';
    return add("start", start.count());
}

record_line& record_line::add(std::string_view field, std::int64_t value) {
    add_name(field);
    std::array<char, 20> digits{}; // as many as the smallest number has, with its sign
    text_.append(digits.data(),
                 std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
    return *this;
}

record_line& record_line::add(std::string_view field, std::string_view text) {
    add_name(field);
    text_ += '"';
    if (std::all_of(text.begin(), text.end(), is_plain)) {
        text_ += text;
    } else {
        add_escaped(text);
    }
    text_ += '"';
    return *this;
}

std::string_view record_line::end() {
    text_ += "}\n";
    return text_;
}

void record_line::add_name(std::string_view field) {
    text_ += ",\"";
    text_ += field;
    text_ += "\":";
}

void record_line::add_escaped(std::string_view text) {
    constexpr char digits[] = "0123456789abcdef";
    for (std::size_t at = 0; at < text.size();) {
        const character next = character_at(text, at);
        at += next.bytes.size();
        if (!next.is_valid) {
            text_ += '?';
        } else if (next.code < ' ' || next.code == 0x7F) {
            text_ += "\\u00";
            text_ += digits[next.code / 16];
            text_ += digits[next.code % 16];
        } else {
            text_ += next.code == '"' || next.code == '\\' ? "\\" : "";
            text_ += next.bytes;
        }
    }
}

} // namespace isolite
