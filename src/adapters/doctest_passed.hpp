#pragma once

#include "results/outcome.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace isolite::doc_test {

/// What the parent counts without letting doctest say it.
struct silent_cases {
    unsigned cases = 0;
    unsigned long assertions = 0;
};

/// Takes the cases that passed without a word out of the run of the parent, if nobody who listens
/// would say one of them: doctest installs its handlers of signals for each case, and that costs
/// more than all else. `cases` are by position.
[[nodiscard]] silent_cases
leave_out_silent_cases(const std::vector<doctest::detail::TestCase*>& cases,
                       const results::outcome& outcome, const doctest::IReporter& listener);

} // namespace isolite::doc_test
