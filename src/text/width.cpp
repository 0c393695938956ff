#include "text/width.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <array>

namespace isolite::text {

namespace {

struct range {
    char32_t first;
    char32_t last;
};

/// Accents of all kinds, joiners, and what chooses between two looks of a character.
constexpr std::array<range, 13> without_width = {{{0x0300, 0x036F},
                                                  {0x0483, 0x0489},
                                                  {0x0591, 0x05BD},
                                                  {0x064B, 0x065F},
                                                  {0x0E34, 0x0E3A},
                                                  {0x0E47, 0x0E4E},
                                                  {0x1AB0, 0x1AFF},
                                                  {0x1DC0, 0x1DFF},
                                                  {0x200B, 0x200F},
                                                  {0x20D0, 0x20FF},
                                                  {0xFE00, 0xFE0F},
                                                  {0xFE20, 0xFE2F},
                                                  {0xE0100, 0xE01EF}}};

/// The scripts of China, Japan and Korea, full-width forms, and pictures.
constexpr std::array<range, 13> two_wide = {{{0x1100, 0x115F},
                                             {0x2E80, 0x303E},
                                             {0x3041, 0x33FF},
                                             {0x3400, 0x4DBF},
                                             {0x4E00, 0x9FFF},
                                             {0xA000, 0xA4CF},
                                             {0xAC00, 0xD7A3},
                                             {0xF900, 0xFAFF},
                                             {0xFE30, 0xFE6F},
                                             {0xFF00, 0xFF60},
                                             {0xFFE0, 0xFFE6},
                                             {0x1F300, 0x1FAFF},
                                             {0x20000, 0x3FFFD}}};

template <typename Ranges>
bool holds(const Ranges& ranges, char32_t code) {
    return std::any_of(ranges.begin(), ranges.end(), [code](const range& each) {
        return each.first <= code && code <= each.last;
    });
}

std::size_t width_of(const character& c) {
    return !c.is_valid || c.code < 0x300  ? 1
           : holds(without_width, c.code) ? 0
           : holds(two_wide, c.code)      ? 2
                                          : 1;
}

} // namespace

std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size();) {
        const character next = character_at(text, i);
        width += width_of(next);
        i += next.bytes.size();
    }
    return width;
}

std::string shortened(std::string_view text, std::size_t most) {
    if (width_of(text) <= most) {
        return std::string(text);
    }
    const std::string_view dots = std::string_view("...").substr(0, most);
    std::size_t end = 0;
    for (std::size_t width = dots.size(); true;) {
        const character next = character_at(text, end);
        width += width_of(next);
        if (width > most) {
            return std::string(text.substr(0, end)).append(dots);
        }
        end += next.bytes.size();
    }
}

std::string shortened_in_front(std::string_view text, std::size_t most) {
    std::size_t width = width_of(text);
    if (width <= most) {
        return std::string(text);
    }
    const std::string dots = std::string("...").substr(0, most);
    std::size_t start = 0;
    while (width + dots.size() > most && start < text.size()) {
        const character next = character_at(text, start);
        width -= width_of(next);
        start += next.bytes.size();
    }
    return dots + std::string(text.substr(start));
}

} // namespace isolite::text
