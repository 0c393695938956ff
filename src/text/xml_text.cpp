#include "text/xml_text.hpp"

#include "text/utf8.hpp"

namespace isolite::text {

namespace {

bool is_of_xml(const character& c) {
    const bool white_space = c.code == U'\t' || c.code == U'\n' || c.code == U'\r';
    return c.is_valid && (white_space || (c.code >= 0x20 && c.code != 0xFFFE && c.code != 0xFFFF));
}

std::string escaped(const character& c) {
    switch (c.code) {
    case U'&':
        return "&amp;";
    case U'<':
        return "&lt;";
    case U'>': // "]]>" must not be in a text
        return "&gt;";
    case U'"':
        return "&quot;";
    case U'\r': // a reader turns a bare one into the end of a line
        return "&#13;";
    default:
        return std::string(c.bytes);
    }
}

/// A reader turns white space of an attribute into blanks, unless it is escaped.
std::string escaped_in_attribute(const character& c) {
    switch (c.code) {
    case U'\t':
        return "&#9;";
    case U'\n':
        return "&#10;";
    default:
        return escaped(c);
    }
}

template <typename Escape>
std::string escaped_by(Escape escape, std::string_view text) {
    std::string all;
    all.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const character next = character_at(text, i);
        all += is_of_xml(next) ? escape(next) : hexadecimal_escape(next.bytes);
        i += next.bytes.size();
    }
    return all;
}

} // namespace

std::string xml_text(std::string_view text) {
    return escaped_by(escaped, text);
}

std::string xml_attribute(std::string_view text) {
    return escaped_by(escaped_in_attribute, text);
}

} // namespace isolite::text
