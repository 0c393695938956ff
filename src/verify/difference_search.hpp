#pragma once

#include "verify/finding.hpp"
#include "verify/trials.hpp"

#include <functional>

namespace isolite::verify {

/// Finds what differs behind others where verdicts do not, in the order of the cases, and enters it
/// into what was found: the message of a case that always fails, and what a case changes in
/// databases that isolite holds. What is never the same twice, such as a time or a random number,
/// blames nobody.
void find_differences(verification& found, trials& trials, const std::function<void()>& tell);

} // namespace isolite::verify
