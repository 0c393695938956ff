#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace isolite::fuzzing {

/// Ends the fuzzer where a promise is broken; libFuzzer keeps the input then.
inline void demand(bool is_kept, const char* promise, const std::string& of = {}) {
    if (!is_kept) {
        std::fprintf(stderr, "a broken promise: %s\n%s\n", promise, of.c_str());
        std::abort();
    }
}

} // namespace isolite::fuzzing
