#pragma once

#include "random_body.hpp"

#include <cstddef>
#include <string>

/// What an experiment showed.
struct outcome {
    std::string what; ///< "" where all was as it must be; else the kind of failure, in words.
    std::string details;
    std::size_t body = 0; ///< The test that did it.
    std::string seen;     ///< All that the last test of a pair saw.
    /// Whether its transaction was written before its end, since there was no room in the cache.
    bool spilled = false;
};

/// Numbers that the processes of a run share.
struct tally {
    struct counts {
        std::size_t executed;
        std::size_t failed;
    };
    static constexpr std::size_t most_kinds = 500;
    std::size_t bodies;
    std::size_t pairs;
    std::size_t findings;
    counts kinds[most_kinds];
};

/// Runs an experiment in this process, which must be a new one.
[[nodiscard]] outcome run_here(const experiment& experiment, tally& tally, std::size_t& position);

/// Runs it in a process of its own. A crash and a hang are outcomes too.
[[nodiscard]] outcome run_apart(const experiment& experiment, tally& tally);

/// Runs a pair, and its last test alone, and compares.
[[nodiscard]] outcome run_pair(const experiment& experiment, tally& tally);

/// Returns the smallest experiment found that fails in the same way.
[[nodiscard]] experiment shrunk(experiment failing, const outcome& failure, tally& tally);
