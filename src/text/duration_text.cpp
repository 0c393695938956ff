#include "text/duration_text.hpp"

#include <array>
#include <cstdio>

namespace isolite::text {

std::string text_of(std::chrono::nanoseconds time) {
    constexpr std::array<const char*, 3> units = {"us", "ms", "s"};
    constexpr double next_unit = 999.5; // what would be printed as 1000
    double number = static_cast<double>(time.count()) / 1000;
    std::size_t unit = 0;
    while (number >= next_unit && unit + 1 < units.size()) {
        number /= 1000;
        ++unit;
    }
    const int decimals = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.*f %s", decimals, number, units[unit]);
    return text.data();
}

std::string text_of(std::size_t count, const char* noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string percentage(std::chrono::nanoseconds part, std::chrono::nanoseconds whole) {
    const double share =
        whole.count() > 0 ? static_cast<double>(part.count()) / static_cast<double>(whole.count())
                          : 0;
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.0f%%", 100 * share);
    return text.data();
}

} // namespace isolite::text
