#pragma once

#include <cstdlib>

namespace bench {

/// Returns the number that a variable of the environment has, or `otherwise`.
inline int number_of(const char* variable, int otherwise) {
    const char* const value = std::getenv(variable);
    return value ? std::atoi(value) : otherwise;
}

} // namespace bench
