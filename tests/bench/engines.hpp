#pragma once

#include "workload.hpp"

#include <isolite/engine.hpp>

#include <cstdio>
#include <cstdlib>

namespace bench {

/// Returns what a result holds, or ends the program with its error.
template <typename Value>
Value require(isolite::result<Value> from) {
    if (!from) {
        std::fprintf(stderr, "%s\n", from.error().text().c_str());
        std::exit(EXIT_FAILURE);
    }
    if constexpr (!std::is_void_v<Value>) {
        return std::move(*from);
    }
}

inline isolite::engine engine_of(int rows) {
    return require(isolite::engine::open(table_of(rows)));
}

} // namespace bench
