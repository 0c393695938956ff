#pragma once

#include <chrono>
#include <thread>

namespace isolite::paths {

/// Tries until it succeeds or a second is over: a transaction of another thread may be just ending.
template <typename Action>
[[nodiscard]] bool soon(Action action) {
    using clock = std::chrono::steady_clock;
    if (action()) {
        return true;
    }
    const auto end = clock::now() + std::chrono::seconds(1);
    bool done = false;
    while (!done && clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        done = action();
    }
    return done;
}

} // namespace isolite::paths
