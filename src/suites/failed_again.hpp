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
    /// Says whether one failed by what another case had left behind in its process. The words are
    /// for both then.
    bool needs_others = false;
    /// The names of all, each behind those that it needs.
    std::vector<std::string> order;
    /// The words by which the framework has chosen the cases of the run.
    std::vector<std::string> filters;
    /// Why the first may pass where the framework chooses the order. Shape: a sentence, or "".
    std::string alone;
    /// Says whether isolite's options stand behind a lone `--`.
    bool is_behind_dashes = false;
};

/// Asks the adapter, as long as it is there.
[[nodiscard]] selected_again select_failed(const adapter& adapter, const results::outcome& run,
                                           const std::vector<results::test_case>& cases);

/// Keeps records of the commands that run each of the first failed cases in a debugger.
void record_debug_commands(const adapter& adapter, const results::outcome& run,
                           const std::vector<results::test_case>& cases);

/// What is known of a run beside its cases.
struct run_again {
    const run::options& options;
    bool is_remembered; ///< by the history that `--failed` goes by
    bool is_shard;      ///< whose cut, and with it what `--failed` runs, may be another one later
};

/// Returns the commands that run again what failed, with the program and the arguments of this
/// process, as far as they do not say what is written.
[[nodiscard]] results::next_commands commands_for(const selected_again& selected,
                                                  const run_again& run);

/// Returns a command line of this program with these options of isolite, and with those without
/// which cases might become of something else. `filters`: those of the framework, without which it
/// might not have the cases, or have more of the same names.
[[nodiscard]] std::string command_of_program(const std::vector<std::string>& filters,
                                             const std::vector<std::string>& options,
                                             bool is_behind_dashes);

} // namespace isolite::suites
