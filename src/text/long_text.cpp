#include "text/long_text.hpp"

#include "text/utf8.hpp"

namespace isolite::text {

namespace {

std::string cut(std::string_view text, std::size_t end_size, const char* around_the_gap) {
    if (text.size() <= 2 * end_size) {
        return std::string(text);
    }
    constexpr std::size_t longest_character = 4; // what goes on for longer is no UTF-8
    std::size_t begin = end_size;
    std::size_t end = text.size() - end_size;
    const auto is_inside = [text](std::size_t at) {
        return at > 0 && at < text.size() && is_continuation(text, at);
    };
    for (std::size_t i = 1; i < longest_character && is_inside(begin); ++i) {
        --begin;
    }
    for (std::size_t i = 1; i < longest_character && is_inside(end); ++i) {
        ++end;
    }
    return std::string(text.substr(0, begin)) + around_the_gap + note_of_gap(end - begin) +
           around_the_gap + std::string(text.substr(end));
}

} // namespace

std::string note_of_gap(std::size_t bytes) {
    return "[isolite: " + std::to_string(bytes) + " bytes are left out here]";
}

std::string without_middle(std::string_view text, std::size_t end_bytes) {
    return cut(text, end_bytes, "\n");
}

std::string first_line(std::string_view text) {
    return cut(text.substr(0, text.find('\n')), most_of_an_end_of_a_line, " ");
}

} // namespace isolite::text
