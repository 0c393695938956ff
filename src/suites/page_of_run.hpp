#pragma once

#include "results/reports.hpp"
#include "results/test_case.hpp"
#include "verify/verification_run.hpp"

#include <isolite/error.hpp>

#include <string>
#include <vector>

namespace isolite::suites {

/// Says whether a page about this run can be written later, which takes records.
/// Errors: errc::environment if none are kept.
[[nodiscard]] result<void> check_that_records_are_kept();

/// Writes the page of a report about the run of this process and its workers to a file.
/// Requires: the process has come to its proper end, as far as the ledger knows.
/// Errors: errc::system.
[[nodiscard]] result<void> write_page(const std::string& file);

/// Does so if a page is wanted, and says why it cannot be written. Returns whether all is well.
[[nodiscard]] bool write_wanted_page(const results::wanted_reports& wanted);

/// Does so about a verification, of which records are kept then. Requires: none are of this
/// process.
[[nodiscard]] bool write_wanted_page(const verify::verified& found,
                                     const std::vector<results::test_case>& cases,
                                     const results::wanted_reports& wanted);

} // namespace isolite::suites
