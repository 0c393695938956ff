#pragma once

#include "results/test_case.hpp"
#include "run/forked_worker.hpp"
#include "run/options.hpp"
#include "verify/verification_course.hpp"

#include <isolite/error.hpp>

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace isolite::verify {

/// What a process is after a verification: a worker of an experiment, or the one that has told what
/// was found.
using role = std::variant<run::forked_worker, verified>;

/// Verifies that no case depends on another one, and writes what was found to stdout. Returns in
/// each worker, and in the parent when all is done. `command`: returns a command line of the
/// program with these options of isolite. Errors: errc::usage for options that choose an order
/// themselves, and when a connection would have to cross a fork; errc::system.
[[nodiscard]] result<role>
verify(const std::vector<results::test_case>& cases, const run::options& options,
       const std::function<std::string(const std::vector<std::string>&)>& command);

} // namespace isolite::verify
