#include "text/shell_words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <string_view>

namespace isolite::text {

namespace {

bool is_plain(char letter) {
    constexpr std::string_view others = "_@%+=:,./-";
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
           others.find(letter) != std::string_view::npos;
}

bool is_control(char letter) {
    return std::iscntrl(static_cast<unsigned char>(letter)) != 0;
}

/// Lets printf say it, which any shell has; a newline at the end is lost.
std::string with_escapes(const std::string& text) {
    std::string word = "\"$(printf %b '";
    for (const char letter : text) {
        if (is_control(letter)) {
            std::array<char, 8> escaped{};
            std::snprintf(escaped.data(), escaped.size(), "\\0%03o",
                          static_cast<unsigned>(static_cast<unsigned char>(letter)));
            word += escaped.data();
        } else {
            word += letter == '\'' ? "'\\''" : letter == '\\' ? "\\\\" : std::string(1, letter);
        }
    }
    return word + "')\"";
}

} // namespace

std::string quoted_shell_word(const std::string& text) {
    if (std::any_of(text.begin(), text.end(), is_control)) {
        return with_escapes(text);
    }
    std::string word = "'";
    for (const char letter : text) {
        word += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    }
    return word + "'";
}

std::string shell_word(const std::string& text) {
    const bool is_safe = !text.empty() && std::all_of(text.begin(), text.end(), is_plain);
    return is_safe ? text : quoted_shell_word(text);
}

std::string shell_command(const std::vector<std::string>& words) {
    std::string command;
    for (const std::string& word : words) {
        command += (command.empty() ? "" : " ") + shell_word(word);
    }
    return command;
}

} // namespace isolite::text
