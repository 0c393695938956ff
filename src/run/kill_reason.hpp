#pragma once

#include "run/open_fixture.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace isolite::run {

/// Why the parent killed a worker.
struct kill_reason {
    /// The case that `running` tells, its position plus 1, took longer than its limit.
    [[nodiscard]] static kill_reason late_case(std::uint64_t running,
                                               std::chrono::milliseconds limit);

    /// A fixture outside of cases took longer than the limit.
    [[nodiscard]] static kill_reason late_fixture(const fixture_phase& fixture,
                                                  std::chrono::milliseconds limit);

    /// A worker without a case took longer than the limit to end.
    [[nodiscard]] static kill_reason late_end(std::chrono::milliseconds limit);

    /// This signal stopped the worker in the case that `running` tells, and nobody let it go on.
    [[nodiscard]] static kill_reason stopped_worker(std::uint64_t running, int signal);

    /// This signal stopped the run.
    [[nodiscard]] static kill_reason stopped_run(int signal);

    /// The case that it was killed for: its position, plus 1; 0: whichever it ran.
    std::uint64_t running = 0;
    std::string death; ///< what that case, or else the worker, died of
    bool timed_out = false;
    bool interrupted = false;
    std::optional<fixture_phase> fixture; ///< outside of cases, that it was killed for
};

} // namespace isolite::run
