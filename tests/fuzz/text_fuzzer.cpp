#include "demand.hpp"
#include "ledger/record_line.hpp"
#include "text/file_names.hpp"
#include "text/long_text.hpp"
#include "text/numbers.hpp"
#include "text/shell_words.hpp"
#include "text/spelling.hpp"
#include "text/table.hpp"
#include "text/utf8.hpp"
#include "text/width.hpp"
#include "text/words.hpp"
#include "text/xml_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Any bytes as a text that is shown, quoted and put into files.

using namespace isolite;
using fuzzing::demand;

namespace {

bool between(unsigned char byte, unsigned first, unsigned last) {
    return first <= byte && byte <= last;
}

/// Returns how many bytes a character at a place has, 0 for none: by table 3-7 of Unicode.
std::size_t well_formed(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i])
                                    : static_cast<unsigned char>(0);
    };
    const unsigned char first = byte(0);
    const bool two = between(byte(2), 0x80, 0xBF);
    const bool three = two && between(byte(3), 0x80, 0xBF);
    if (first < 0x80) {
        return 1;
    }
    if (between(first, 0xC2, 0xDF)) {
        return between(byte(1), 0x80, 0xBF) ? 2 : 0;
    }
    if (between(first, 0xE0, 0xEF)) {
        const unsigned least = first == 0xE0 ? 0xA0 : 0x80;
        const unsigned most = first == 0xED ? 0x9F : 0xBF;
        return between(byte(1), least, most) && two ? 3 : 0;
    }
    if (between(first, 0xF0, 0xF4)) {
        const unsigned least = first == 0xF0 ? 0x90 : 0x80;
        const unsigned most = first == 0xF4 ? 0x8F : 0xBF;
        return between(byte(1), least, most) && three ? 4 : 0;
    }
    return 0;
}

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = well_formed(text, at);
        if (length == 0) {
            return false;
        }
        at += length;
    }
    return true;
}

bool is_line(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const text::character next = text::character_at(text, at);
        if (text::breaks_the_line(next.code)) {
            return false;
        }
        at += next.bytes.size();
    }
    return true;
}

void check_characters(const std::string& text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) {
        const text::character next = text::character_at(text, at);
        const std::size_t length = well_formed(text, at);
        demand(next.is_valid == (length > 0), "UTF-8 is what Unicode says", text);
        demand(next.bytes.size() == std::max<std::size_t>(length, 1), "it has its bytes", text);
        at += next.bytes.size();
    }
    demand(text::count_characters(text) == count, "characters are counted", text);
}

void check_lines(const std::string& text) {
    const std::string shown = text::printable(text);
    demand(is_utf8(shown) && is_line(shown), "what is printable is UTF-8 on a line", text);
    demand(text::printable(shown) == shown, "what is printable stays as it is", text);
    const std::string lines = text::printable_lines(text);
    demand(is_utf8(lines) && text::printable_lines(lines) == lines, "so do lines", text);
    const auto ends = [](const std::string& of) { return std::count(of.begin(), of.end(), '\n'); };
    demand(ends(lines) == ends(text), "lines stay lines", text);
    const std::string moved = text::indented(text, 2);
    demand(is_utf8(moved) && (moved.empty() || moved.back() == '\n'), "whole lines are moved",
           text);
}

void check_width(const std::string& text, std::size_t most) {
    const std::size_t width = text::width_of(text);
    demand(width <= 2 * text.size(), "no character is wider than two columns", text);
    const std::string cut = text::shortened(text, most);
    demand(text::width_of(cut) <= most, "a shortened text is as narrow as it should be", text);
    const std::string cut_in_front = text::shortened_in_front(text, most);
    demand(text::width_of(cut_in_front) <= most, "so is one without its beginning", text);
    demand(width > most || (cut == text && cut_in_front == text), "what fits stays", text);
    demand(!is_utf8(text) || (is_utf8(cut) && is_utf8(cut_in_front)), "characters stay whole",
           text);
}

void check_long_text(const std::string& text, std::size_t end) {
    const std::string cut = text::without_middle(text, end);
    demand(text.size() > 2 * end || cut == text, "a short text stays", text);
    demand(cut.size() <= 2 * end + 100, "a long text is cut", text);
    demand(!is_utf8(text) || is_utf8(cut), "it is cut between two characters", text);
    demand(text::first_line(text).find('\n') == std::string::npos, "one line has no end", text);
}

/// Reads what stands for characters in XML.
std::string without_escapes(std::string text) {
    const std::vector<std::pair<std::string, std::string>> all = {
        {"&lt;", "<"},  {"&gt;", ">"},   {"&quot;", "\""}, {"&#13;", "\r"},
        {"&#9;", "\t"}, {"&#10;", "\n"}, {"&amp;", "&"}}; // that one last
    for (const auto& [escape, character] : all) {
        for (std::size_t at = 0; (at = text.find(escape, at)) != std::string::npos; ++at) {
            text.replace(at, escape.size(), character);
        }
    }
    return text;
}

bool is_of_xml(const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
        const text::character next = text::character_at(text, at);
        const bool is_space = next.code == '\t' || next.code == '\n' || next.code == '\r';
        if (!next.is_valid || (next.code < 0x20 && !is_space) || next.code == 0xFFFE ||
            next.code == 0xFFFF) {
            return false;
        }
        at += next.bytes.size();
    }
    return true;
}

void check_xml(const std::string& text) {
    for (const std::string& escaped : {text::xml_text(text), text::xml_attribute(text)}) {
        demand(is_of_xml(escaped), "XML has characters of XML", text);
        demand(escaped.find_first_of("<>\"\r") == std::string::npos, "marks are escaped", text);
        demand(!is_of_xml(text) || without_escapes(escaped) == text, "a reader reads the text",
               text);
    }
    demand(text::xml_attribute(text).find_first_of("\t\n") == std::string::npos,
           "white space of an attribute is escaped", text);
}

/// Takes quotations off a command line, as shells do. Returns its words.
std::vector<std::string> words_of(const std::string& command) {
    std::vector<std::string> words(command.empty() ? 0 : 1);
    const auto quoted = [&](std::size_t at) {
        const std::size_t end = command.find('\'', at + 1);
        words.back() += command.substr(at + 1, end - at - 1);
        return end;
    };
    for (std::size_t at = 0; at < command.size(); ++at) {
        const std::string begin = "\"$(printf %b '";
        if (command.compare(at, begin.size(), begin) == 0) {
            for (at += begin.size(); command.compare(at, 3, "')\"") != 0; ++at) {
                const bool is_octal = command.compare(at, 2, "\\0") == 0;
                const bool is_quote = command.compare(at, 4, "'\\''") == 0;
                at += command[at] == '\\' && !is_octal ? 1 : 0;
                words.back() +=
                    is_octal ? static_cast<char>(std::stoi(command.substr(at + 2, 3), nullptr, 8))
                             : command[at];
                at += is_octal ? 4 : is_quote ? 3 : 0;
            }
            at += 2;
        } else if (command[at] == '\'') {
            at = quoted(at);
        } else if (command[at] == ' ') {
            words.emplace_back();
        } else {
            at += command[at] == '\\' ? 1 : 0;
            words.back() += command[at];
        }
    }
    return words;
}

void check_shell(std::string text) {
    text.erase(text.find_last_not_of('\n') + 1); // where a shell loses it
    const std::vector<std::string> words = {text, "", text.substr(text.size() / 2)};
    const std::string command = text::shell_command(words);
    demand(words_of(command) == words, "a shell takes a command apart", text);
    demand(command.find('\n') == std::string::npos, "a command is one line", text);
    demand(words_of(text::quoted_shell_word(text)) == std::vector<std::string>{text},
           "a quotation is the text", text);
}

void check_names(const std::string& text) {
    const std::string unique = text::unique_file_name(text);
    std::string again;
    for (std::size_t at = 0; at < unique.size(); ++at) {
        const bool is_escape = unique[at] == '_';
        again += is_escape ? static_cast<char>(std::stoi(unique.substr(at + 1, 2), nullptr, 16))
                           : unique[at];
        at += is_escape ? 2 : 0;
    }
    demand(again == text && unique.find('/') == std::string::npos, "a name tells the text", text);
    demand(text::file_name(text, 20, "_").find_first_of(std::string("/\0. ", 4)) ==
               std::string::npos,
           "a name of a file has no special letter", text);
    const std::string left = text.substr(0, std::min<std::size_t>(text.size() / 2, 40));
    const std::string right = text.substr(text.size() / 2).substr(0, 40);
    const std::size_t different = text::letters_between(left, right);
    demand(different == text::letters_between(right, left), "a difference has no direction", text);
    demand((different == 0) == (left == right), "what is alike differs in nothing", text);
    demand(different <= std::max(left.size(), right.size()), "no more than all letters", text);
}

void check_numbers(const std::string& text) {
    const auto check = [&](auto limits, auto number) {
        const std::string digits = number ? std::to_string(*number) : "";
        const bool is_minus =
            text.size() > 1 && text[0] == '-' && std::is_signed_v<decltype(limits)>;
        const std::size_t first = std::min(text.find_first_not_of('0', is_minus), text.size() - 1);
        demand(!number || *number == 0 || (is_minus ? "-" : "") + text.substr(first) == digits,
               "a number is its digits", text);
    };
    if (!text.empty()) {
        check(std::int64_t(), text::number_in<std::int64_t>(text));
        check(std::uint64_t(), text::number_in<std::uint64_t>(text));
        check(unsigned(), text::number_in<unsigned>(text));
    }
}

void check_table(const std::string& text) {
    const std::string half = text.substr(text.size() / 2);
    const auto lines = text::table_lines({{text, half, "x"}, {"", text}, {half}},
                                         {text::alignment::right, text::alignment::left});
    demand(lines.size() == 3, "a row is a line", text);
    for (const std::string& line : lines) {
        demand(is_utf8(line) && is_line(line), "a line of a table is UTF-8 on a line", text);
    }
    demand(text::width_of(lines[0]) >= text::width_of(lines[2]), "columns are as wide as cells",
           text);
}

/// Reads a string of JSON behind `"text":`, as far as records have escapes.
std::string text_in(const std::string& line) {
    std::string read;
    const std::string name = "\"text\":\"";
    for (std::size_t at = line.find(name) + name.size(); line.at(at) != '"'; ++at) {
        const bool is_escape = line[at] == '\\';
        at += is_escape ? 1 : 0;
        const bool is_code = is_escape && line[at] == 'u';
        read +=
            is_code ? static_cast<char>(std::stoi(line.substr(at + 1, 4), nullptr, 16)) : line[at];
        at += is_code ? 4 : 0;
    }
    return read;
}

void check_record(const std::string& text) {
    records::record_line record;
    record.begin("any", std::chrono::nanoseconds(text.size()));
    record.add("number", static_cast<std::int64_t>(text.size()) - 5);
    const std::string line(record.add("text", std::string_view(text)).end());
    demand(is_utf8(line), "a record is UTF-8", text);
    demand(line.find('\n') == line.size() - 1, "a record is a line", text);
    demand(line.compare(line.size() - 3, 3, "\"}\n") == 0, "a record is closed", text);
    demand(!is_utf8(text) || text_in(line) == text, "a record keeps a text", text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::size_t number = data[0];
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    check_characters(text);
    check_lines(text);
    check_width(text, number % 40);
    check_long_text(text, number);
    check_xml(text);
    check_shell(text);
    check_names(text);
    check_numbers(text);
    check_table(text);
    check_record(text);
    return 0;
}
