#include "programs/words_of_reports.hpp"

#include <algorithm>
#include <cstdlib>

namespace isolite::programs {

bool starts_with(std::string_view text, std::string_view beginning) {
    return text.substr(0, beginning.size()) == beginning;
}

bool ends_with(std::string_view text, std::string_view end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

std::string trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(blanks);
    return begin == std::string_view::npos
               ? std::string()
               : std::string(text.substr(begin, text.find_last_not_of(blanks) + 1 - begin));
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

std::string between(std::string_view line, std::string_view first, std::string_view last) {
    const std::size_t found = line.find(first);
    const std::size_t begin = found + first.size();
    const std::size_t end = line.rfind(last);
    return found == std::string_view::npos || end == std::string_view::npos || end < begin
               ? std::string()
               : std::string(line.substr(begin, end - begin));
}

std::chrono::nanoseconds seconds_in(const std::string& text) {
    const std::chrono::duration<double> read(std::strtod(text.c_str(), nullptr));
    return std::chrono::duration_cast<std::chrono::nanoseconds>(read);
}

std::string joined(const std::vector<std::string>& texts, const std::string& separator) {
    std::string all;
    for (const std::string& each : texts) {
        all += (&each == &texts.front() ? "" : separator) + each;
    }
    return all;
}

std::string escaped(std::string_view text, std::string_view letters) {
    std::string with_backslashes;
    for (const char letter : text) {
        with_backslashes +=
            (letters.find(letter) == std::string_view::npos ? "" : "\\") + std::string(1, letter);
    }
    return with_backslashes;
}

} // namespace isolite::programs
