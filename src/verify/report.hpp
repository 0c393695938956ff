#pragma once

#include "results/test_case.hpp"
#include "verify/finding.hpp"

#include <functional>
#include <string>
#include <vector>

namespace isolite::verify {

/// What a verification is told in, beside what it has found.
struct report_background {
    const std::vector<results::test_case>& cases;
    /// Returns a command line that shows a finding again.
    std::function<std::string(const finding&)> again;
    /// Where files are that cases have made in the working directory, "" if there are none.
    std::string put_aside;
};

/// Returns what a verification has to say. Shape: lines; the first one is the verdict.
[[nodiscard]] std::string text_of(const verification& all, const report_background& background);

/// Returns it for other programs. Shape: an object of JSON on a line.
[[nodiscard]] std::string json_of(const verification& all, const report_background& background);

/// Returns the exit status: 0 isolated, 1 not isolated, 3 could not tell.
[[nodiscard]] int status_of(const verification& all);

} // namespace isolite::verify
