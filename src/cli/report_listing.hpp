#pragma once

#include "report/kept_runs.hpp"

#include <isolite/error.hpp>

#include <string>
#include <vector>

namespace isolite::cli {

/// A kept run with what only its records tell.
struct listed_run {
    report::kept_run run;
    std::int64_t cases = 0;
    std::int64_t failed = 0;
    std::string verdict = "unknown"; ///< As in the JSON of a report.
};

/// Returns the runs with what became of their cases.
[[nodiscard]] std::vector<listed_run> look_into(std::vector<report::kept_run> runs);

/// Returns a line for each run under a headline, and one that sums them up.
[[nodiscard]] std::string listing(const std::vector<listed_run>& runs,
                                  const std::string& directory);

/// Returns the runs as an object in JSON.
[[nodiscard]] std::string listing_as_json(const std::vector<listed_run>& runs,
                                          const std::string& directory);

} // namespace isolite::cli
