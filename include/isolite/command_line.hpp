#pragma once

#include <isolite/error.hpp>

namespace isolite {

/// Takes isolite's options out of the command line of a test program, so that the test framework
/// gets the rest. To be called before the framework reads it; a second call adds to the first.
///
/// Shape: `--name=value`, or `--name value` where the option needs a value. Also looked at is what
///   follows a lone `--`, which Boost.Test leaves to the program. `--help` and `-h` stay, and
///   isolite's options are printed before the framework's.
/// Requires: `argv[argc]` is null.
/// Ensures: what is not isolite's stays as it is, in its order, and `argv[argc]` is null.
/// Errors: errc::usage for an option that is malformed, or that needs forked workers where there
///   are none; errc::environment for a malformed variable that stands for an option,
///   ISOLITE_WORKERS or ISOLITE_TIMEOUT. Nothing is taken then.
/// Threads: before the first thread is started.
/// Example: `if (const auto taken = isolite::take_options(argc, argv); !taken) { ... }`
[[nodiscard]] ISOLITE_API result<void> take_options(int& argc, char** argv);

} // namespace isolite
