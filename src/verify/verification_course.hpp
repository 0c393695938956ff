#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"
#include "verify/finding.hpp"
#include "verify/report.hpp"
#include "verify/trials.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace isolite::verify {

/// How a verification goes, whatever carries out its experiments.
struct verification_course {
    experimenter run;
    /// Without `left`, `budget` and `tell`, which come from what follows.
    verify::bounds bounds;
    std::chrono::nanoseconds budget{0};
    /// Says whether nothing more is to be tried, although there is time.
    std::function<bool()> is_stopped;
    /// Completes what was found.
    std::function<void(verification& all, const verify::bounds& bounds)> look_closer =
        [](verification& /*all*/, const verify::bounds& /*bounds*/) {};
};

/// Returns what each case needs, as `bounds` has it.
[[nodiscard]] std::vector<std::vector<std::size_t>>
needs_of(const std::vector<results::test_case>& cases);

/// Carries out a verification, and shows on a terminal what it does. Throws what `run` throws.
[[nodiscard]] verification follow(const verification_course& course);

/// The exit status of who was to verify a suite, and could not, or not tell what was found: never
/// that of a suite that is not isolated.
constexpr int nothing_verified = 2;

/// Where it is told what was found.
struct findings_places {
    bool text_to_stderr = false; ///< else to stdout
    std::string json;            ///< a file, "" for none
    std::string junit;           ///< a file, "" for none
    std::string program;         ///< what reports call the program
};

/// What was found, and told.
struct verified {
    int status; ///< with which the process is to end
    std::string text;
    results::outcome outcome; ///< for reports of runs
};

/// Tells what was found.
[[nodiscard]] verified tell(const verification& all, const report_background& background,
                            const findings_places& places);

} // namespace isolite::verify
