#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"
#include "results/verdict.hpp"
#include "run/options.hpp"
#include "suites/adapter.hpp"

#include <string>
#include <vector>

namespace isolite::suites {

/// The words by which a framework is asked for what failed in a run.
struct selected_again {
    std::vector<std::string> failed; ///< for all cases that failed
    std::vector<std::string> first;  ///< for the first of them
    /// Says whether isolite's options stand behind a lone `--`.
    bool is_behind_dashes = false;
};

/// Asks the adapter, as long as it is there.
[[nodiscard]] selected_again select_failed(const adapter& adapter, const results::outcome& run,
                                           const std::vector<results::test_case>& cases);

/// Returns the commands that run again what failed, with the program and the arguments of this
/// process. `is_remembered`: by the history that `--failed` goes by.
[[nodiscard]] results::next_commands commands_for(const selected_again& selected,
                                                  const run::options& options, bool is_remembered);

/// Returns a command line of this program with these options of isolite, and with those without
/// which cases might become of something else.
[[nodiscard]] std::string command_of_program(const std::vector<std::string>& options,
                                             bool is_behind_dashes);

} // namespace isolite::suites
