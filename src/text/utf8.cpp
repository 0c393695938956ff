#include "text/utf8.hpp"

#include "text/hexadecimal.hpp"

#include <algorithm>

namespace isolite::text {

namespace {

unsigned char byte_at(std::string_view text, std::size_t position) {
    return static_cast<unsigned char>(text[position]);
}

/// Returns how many bytes a character has that begins with this one, 0 if none does.
std::size_t length_after(unsigned char lead) {
    return lead < 0x80U                    ? 1
           : lead >= 0xC2U && lead < 0xE0U ? 2
           : lead >= 0xE0U && lead < 0xF0U ? 3
           : lead >= 0xF0U && lead < 0xF5U ? 4
                                           : 0;
}

} // namespace

bool is_continuation(std::string_view text, std::size_t position) {
    return (byte_at(text, position) & 0xC0U) == 0x80U;
}

character character_at(std::string_view text, std::size_t position) {
    const unsigned char lead = byte_at(text, position);
    const std::size_t length = length_after(lead);
    const character invalid{text.substr(position, 1), lead, false};
    if (length == 0 || length > text.size() - position) {
        return invalid;
    }
    char32_t code = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if (!is_continuation(text, position + i)) {
            return invalid;
        }
        code = code << 6U | (byte_at(text, position + i) & 0x3FU);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    const bool surrogate = code >= 0xD800 && code < 0xE000;
    if (overlong || surrogate || code > 0x10FFFF) {
        return invalid;
    }
    return {text.substr(position, length), code, true};
}

std::size_t count_characters(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); i += character_at(text, i).bytes.size()) {
        ++count;
    }
    return count;
}

bool breaks_the_line(char32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
}

std::string hexadecimal_escape(std::string_view bytes) {
    std::string text;
    for (const char& c : bytes) {
        text += "\\x" + hexadecimal({&c, 1});
    }
    return text;
}

std::string printable(std::string_view text) {
    std::string shown;
    for (std::size_t i = 0; i < text.size();) {
        const character next = character_at(text, i);
        if (next.is_valid && !breaks_the_line(next.code)) {
            shown += next.bytes;
        } else if (next.code == U'\n' || next.code == U'\t' || next.code == U'\r') {
            shown += next.code == U'\n' ? "\\n" : next.code == U'\t' ? "\\t" : "\\r";
        } else {
            shown += hexadecimal_escape(next.bytes);
        }
        i += next.bytes.size();
    }
    return shown;
}

std::string printable_lines(std::string_view text) {
    std::string shown;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        shown += (start == 0 ? "" : "\n") + printable(text.substr(start, end - start));
        start = end + 1;
    }
    return shown;
}

std::string indented(std::string_view lines, std::size_t blanks) {
    const std::string before(blanks, ' ');
    std::string all;
    for (std::size_t start = 0; start < lines.size();) {
        const std::size_t end = std::min(lines.find('\n', start), lines.size());
        all += (end == start ? "" : before + printable(lines.substr(start, end - start))) + "\n";
        start = end + 1;
    }
    return all;
}

} // namespace isolite::text
