#pragma once

#include <isolite/mode.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace isolite {

/// What decorators say of a test case, or of all in a suite.
struct case_marks {
    /// The mode of its session. Default: that of its suite, else of its database.
    std::optional<isolite::mode> mode;
    /// Cases that share a resource never overlap.
    std::vector<std::string> resources;
    /// Runs while no other case does.
    bool serial = false;
    /// How long it may take in a forked worker. Default: 0, the timeout of the run.
    std::chrono::milliseconds timeout{0};
};

} // namespace isolite
