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

/// What the end of a scope found.
struct files_left {
    std::size_t pages = 0;            ///< that were touched
    std::vector<std::string> clauses; ///< What was a leak: they read after "it".
};

/// Ends it, and puts the files back.
[[nodiscard]] files_left leave_files(std::uint64_t scope);

/// Returns the clause about a connection that was left in the middle of something.
[[nodiscard]] std::string clause_of_use(const std::string& file, const store::foreign_work& work);

/// Returns the files in which the test has written something so far.
[[nodiscard]] std::vector<exhibit> exhibits_of_files();

} // namespace isolite::sandbox
