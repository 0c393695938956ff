#pragma once

#include "store/image.hpp"
#include "worker/environment.hpp"

#include <isolite/error.hpp>
#include <isolite/seed.hpp>
#include <isolite/visibility.hpp>

#include <memory>
#include <string>
#include <vector>

namespace isolite::sandbox {

/// A database as it was when its test failed, beside what it was when the test began.
struct exhibit {
    std::string database; ///< Its name.
    std::shared_ptr<const store::image> before;
    std::shared_ptr<const store::image> now;
    /// Of connections to it; null where they are those of the session that tells of it.
    const std::vector<seed::step_function>* steps = nullptr;
    std::vector<std::string> lines = {}; ///< How the two differ, once somebody has compared them.
};

/// Writes the databases of a failed test to ordinary SQLite files, at most 10 of them a process.
/// They go to ISOLITE_EVIDENCE/PROGRAM/RUN, by default in isolite-<uid>/evidence of TMPDIR or /tmp.
/// The first call removes what earlier runs of the program left there, as does
/// `remove_earlier_evidence`.
/// Returns what tells a person where they are: lines, each after a line break and two spaces; why
/// they could not be written; that the 10 are used up; or "" when ISOLITE_EVIDENCE is `off`.
[[nodiscard]] std::string write_evidence(const std::string& test,
                                         const std::vector<exhibit>& databases);

/// Returns the commands that open what was kept, out of a text with what `write_evidence` returned.
[[nodiscard]] ISOLITE_API std::vector<std::string> opening_commands(const std::string& text);

/// Looks at the variables that say where evidence goes, without making anything.
/// Errors: errc::environment for a path that is not absolute.
[[nodiscard]] result<void> check_place_of_evidence(const workers::environment& variables);

/// Removes what earlier runs of the program left, but for runs that are still going on.
void remove_earlier_evidence();

/// Says whether databases of failed tests are wanted at all.
[[nodiscard]] bool evidence_wanted();

} // namespace isolite::sandbox
