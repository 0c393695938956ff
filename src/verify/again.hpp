#pragma once

#include "results/test_case.hpp"
#include "verify/finding.hpp"
#include "verify/report.hpp"

#include <string>
#include <vector>

namespace isolite::verify {

/// Returns the options by which a program with isolite shows a finding again. What may wait for
/// ever has the limits of time that its cases have.
[[nodiscard]] std::vector<std::string>
options_to_repeat(const finding& found, const std::vector<results::test_case>& cases);

/// Returns the command line for it: where the others leave what a case needs among temporary files,
/// it has a place for these in which earlier runs have left nothing.
[[nodiscard]] std::string again_of(const finding& found, const verification& all,
                                   const report_background& background);

} // namespace isolite::verify
