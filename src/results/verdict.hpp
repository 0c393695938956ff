#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"

#include <string>
#include <vector>

namespace isolite::results {

/// What somebody may want to type after a run. Shape: commands of a shell; "" where there is none.
struct next_commands {
    std::string again;   ///< runs the cases that failed
    std::string debug;   ///< runs the first of them in a debugger
    std::string timings; ///< what makes the program show its timings
    /// Why what `debug` runs may pass then. Shape: a sentence without a full stop, or "".
    std::string alone = {};
};

/// Returns what a run says when it ends: how many cases passed and failed, which failed and why,
/// what else somebody has to act upon, and the commands for it.
///
/// Shape: lines, without a last end of line. The first begins with "isolite: ", the others with
/// blanks; those of failures and the commands are the last. There is none about what did not
/// happen. Names and texts of others are on one line. What failed is red then, and yellow what is
/// flaky.
/// Requires: a result for each of the cases.
[[nodiscard]] std::string verdict_of(const outcome& run, const std::vector<test_case>& cases,
                                     const next_commands& commands = {}, bool in_colours = false);

/// Says whether something failed, or did not come to its end, or passed only when it was tried
/// again.
[[nodiscard]] bool has_something_to_tell(const outcome& run);

} // namespace isolite::results
