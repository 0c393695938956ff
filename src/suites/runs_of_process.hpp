#pragma once

#include "error/warning.hpp"
#include "run/command_line.hpp"
#include "suites/running_suite.hpp"

#include <isolite/command_line.hpp>

#include <algorithm>
#include <set>
#include <string>

/// The runs of one process, one after the other, for frameworks that tell listeners of each, and
/// write their own summary last.
namespace isolite::suites {

/// Begins a run, after the one before has been concluded. Lifetime: until it is concluded.
ISOLITE_API running_suite& begin_run(adapter& adapter);

/// Returns the run that goes on, or has ended and is not concluded; null if there is none.
[[nodiscard]] ISOLITE_API running_suite* latest_run();

/// Ends the run: what is to come after the framework's summary is left to `conclude_runs`, which is
/// called at the latest when the process ends.
ISOLITE_API void end_run();

/// Concludes the run that has ended last, if nobody has. Returns the exit status that the process
/// must have even if the framework is content, else 0.
ISOLITE_API int conclude_runs();

/// Ends the process: no framework has a way to fail a run that is starting.
[[noreturn]] ISOLITE_API void fail_to_start(const error& problem);

/// The body of a `main`: takes isolite's options out of the command line and lets the framework do
/// the rest. Returns the exit status: 2 for a malformed option.
template <typename Run>
[[nodiscard]] int run_with_options(int& argc, char** argv, Run run) {
    if (const auto taken = take_options(argc, argv); !taken) {
        warnings::complain(taken.error().text());
        return 2;
    }
    return std::max<int>(run(), conclude_runs());
}

/// The same for a framework that ignores what it does not know. `of_framework`: as
/// `check_spelling` has it.
template <typename Run>
[[nodiscard]] int run_with_spelled_options(int& argc, char** argv,
                                           const std::set<std::string>& of_framework, Run run) {
    return run_with_options(argc, argv, [&] {
        if (const auto spelled = isolite::run::check_spelling(argc, argv, of_framework); !spelled) {
            warnings::complain(spelled.error().text());
            return 2;
        }
        return run();
    });
}

} // namespace isolite::suites
