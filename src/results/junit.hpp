#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"

#include <isolite/error.hpp>

#include <string>
#include <vector>

namespace isolite::results {

/// Returns a report of a run in JUnit's XML, with the attributes that GoogleTest gives it: Meson
/// merges it into its own (`protocol: 'gtest'`), Jenkins and GitLab read it.
///
/// `suite_of_suites` names the whole, and the suite of those cases that are in none.
/// Shape: as in the name of a case of GoogleTest, its suite is not repeated. A case of which the
/// worker died is an error, one that was not run counts as skipped, and one that passed only when
/// it was tried again has a `flakyFailure`. Bytes that XML cannot hold become visible: "\x1b".
/// Requires: a result for each of the cases.
[[nodiscard]] std::string junit_of(const outcome& run, const std::vector<test_case>& cases,
                                   const std::string& suite_of_suites);

/// Writes the report to `file`. Whoever reads it finds the old or the new one, nothing unfinished.
/// What is no regular file, such as a pipe, is written to as it is.
///
/// Errors: `errc::system`, with the file.
[[nodiscard]] result<void> write_junit(const std::string& file, const outcome& run,
                                       const std::vector<test_case>& cases,
                                       const std::string& suite_of_suites);

} // namespace isolite::results
