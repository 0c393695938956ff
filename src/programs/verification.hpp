#pragma once

#include "programs/test_program.hpp"
#include "run/options.hpp"

#include <isolite/error.hpp>

#include <optional>
#include <string>
#include <vector>

namespace isolite::programs {

/// Verifies that no case of a program without isolite depends on another one, and writes what was
/// found to stdout, or to stderr. Returns the exit status; nothing, if the program has isolite and
/// can do that itself.
/// Errors: as `look_at` and `list`; errc::system.
[[nodiscard]] result<std::optional<int>> verify(const std::vector<std::string>& words,
                                                const run::options& options, bool to_stderr);

} // namespace isolite::programs
