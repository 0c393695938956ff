#pragma once

#include <cstdlib>
#include <string>

/// Says whether this case is the one that the variable SUBJECT_FAILS asks to fail.
inline bool fails_here(int number) {
    const char* const asked = std::getenv("SUBJECT_FAILS");
    return asked != nullptr && std::to_string(number) == asked;
}
