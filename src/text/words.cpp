#include "text/words.hpp"

#include <array>
#include <cstdio>

namespace isolite::text {

namespace {

constexpr std::uint64_t minute = 60;
constexpr std::uint64_t hour = 60 * minute;
constexpr std::uint64_t day = 24 * hour;

} // namespace

std::string counted(std::uint64_t number, const std::string& noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
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
