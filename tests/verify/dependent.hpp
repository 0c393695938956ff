#pragma once

#include <ctime>

/// What one case leaves for the others.
inline bool& imported() {
    static bool value = false;
    return value;
}

/// Says whether something is cancelled for the first time, of which nobody thinks.
inline bool is_first_cancellation() {
    static int count = 0;
    return count++ == 0;
}

inline int year_now() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    return parts.tm_year;
}

/// When the program began.
inline const int year_of_begin = year_now();

/// Says whether a card is valid that expires at the end of the next year.
inline bool is_card_valid() {
    return year_now() < year_of_begin + 2;
}
