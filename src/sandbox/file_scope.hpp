#pragma once

#include "files/claimed_databases.hpp"
#include "leak/leak_report.hpp"
#include "sandbox/evidence.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace isolite::sandbox {

/// Begins the part of a session, or of a case, that is about files which code under test opens by
/// path. Returns its number, 0 where there is nothing to do.
/// Errors: errc::database, as `paths::claimed_databases::enter`.
[[nodiscard]] result<std::uint64_t> enter_files(std::string_view test);

/// Ends it, puts the files back, and adds to a report what was a leak. Returns how many pages were
/// touched.
std::size_t leave_files(std::uint64_t scope, leak::leak_report& found);

/// Returns the clause about a connection that was left in the middle of something.
[[nodiscard]] std::string clause_of_use(const std::string& file, const store::foreign_work& work);

/// Returns the files in which the test has written something so far, but for those of the databases
/// on which it has a session.
[[nodiscard]] std::vector<exhibit> exhibits_of_files();

} // namespace isolite::sandbox
