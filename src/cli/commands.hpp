#pragma once

#include <isolite/error.hpp>

namespace CLI {
class App;
}

namespace isolite::cli {

/// What the command exits with.
enum class exit_code {
    fine = 0,
    problem = 1, ///< Something is wrong, or was refused.
    usage = 2,   ///< The command line is wrong, or nothing was verified.
    unsure = 3,  ///< Nobody can tell.
};

/// Tells on stderr what went wrong, if anything did, and returns what the command exits with.
[[nodiscard]] exit_code outcome_of(const result<void>& done);

/// Adds `isolite cache` with its commands. `outcome` is set by the one that runs.
void add_cache_commands(CLI::App& app, exit_code& outcome);

/// Adds `isolite history` with its commands.
void add_history_commands(CLI::App& app, exit_code& outcome);

/// Adds `isolite report`.
void add_report(CLI::App& app, exit_code& outcome);

/// Adds `isolite verify`.
void add_verify(CLI::App& app, exit_code& outcome);

/// Adds `isolite doctor`.
void add_doctor(CLI::App& app, exit_code& outcome);

} // namespace isolite::cli
