#include "text/words.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace isolite::text {

namespace {

constexpr std::uint64_t minute = 60;
constexpr std::uint64_t hour = 60 * minute;
constexpr std::uint64_t day = 24 * hour;

} // namespace

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

std::string seconds_of(std::chrono::milliseconds time) {
    constexpr int of_a_second = 1000;
    std::string rest = std::to_string(of_a_second + time.count() % of_a_second).substr(1);
    rest.erase(rest.find_last_not_of('0') + 1);
    return std::to_string(time.count() / of_a_second) + (rest.empty() ? "" : "." + rest);
}

std::string percentage(std::chrono::nanoseconds part, std::chrono::nanoseconds whole) {
    const double share =
        whole.count() > 0 ? static_cast<double>(part.count()) / static_cast<double>(whole.count())
                          : 0;
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.0f%%", 100 * share);
    return text.data();
}

std::string counted(std::uint64_t number, const std::string& noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string listed(const std::vector<std::string>& names, std::size_t most) {
    std::string all;
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
        all += (i == 0 ? "" : ", ") + names[i];
    }
    return names.size() > most ? all + " and " + std::to_string(names.size() - most) + " more"
                               : all;
}

std::string size_in_words(std::uint64_t bytes) {
    constexpr double step = 1024;
    if (bytes < static_cast<std::uint64_t>(step)) {
        return counted(bytes, "byte");
    }
    auto size = static_cast<double>(bytes);
    const char* unit = "";
    for (const char* next : {"KiB", "MiB", "GiB", "TiB"}) {
        if (size >= step) {
            size /= step;
            unit = next;
        }
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f %s", size, unit);
    return text.data();
}

std::string span_in_words(std::uint64_t seconds) {
    if (seconds >= 2 * day) {
        return counted(seconds / day, "day");
    }
    if (seconds >= 2 * hour) {
        return counted(seconds / hour, "hour");
    }
    return seconds >= minute ? counted(seconds / minute, "minute") : counted(seconds, "second");
}

std::string time_in_words(std::time_t when) {
    std::tm parts{};
    std::array<char, 32> text{};
    if (::localtime_r(&when, &parts) == nullptr ||
        std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts) == 0) {
        return std::to_string(when);
    }
    return text.data();
}

std::string age_in_words(std::time_t when) {
    const std::time_t now = std::time(nullptr);
    if (now - when < static_cast<std::time_t>(minute)) {
        return "just now";
    }
    return span_in_words(static_cast<std::uint64_t>(now - when)) + " ago";
}

} // namespace isolite::text
