#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace isolite::results {

/// What the run must know of a case of a suite, in the order of the framework. It is known by its
/// position in that order.
struct test_case {
    /// The full name: SUITE/CASE. Not necessarily unique.
    std::string name;
    /// The suite around it, "" if there is none.
    std::string suite;
    std::string file;
    unsigned line = 0;
    /// How long it may take. Default: 0, the timeout of the run.
    std::chrono::milliseconds timeout{0};
    /// Cases that share a resource never overlap.
    std::vector<std::string> resources;
    /// Runs while no other case does.
    bool serial = false;
    /// The positions of the cases that must have passed before it: else it is skipped.
    std::vector<std::size_t> needs;
};

} // namespace isolite::results
