#pragma once

#include "results/outcome.hpp"
#include "verify/finding.hpp"
#include "verify/report.hpp"

namespace isolite::verify {

/// Returns what a verification has found as what became of a run, for reports of runs: a case that
/// depends on others has failed, and one that differs by itself is flaky. What each has taken, and
/// why it fails everywhere, is that of the first experiment.
[[nodiscard]] results::outcome outcome_of(const verification& all,
                                          const report_background& background);

} // namespace isolite::verify
