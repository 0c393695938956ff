#pragma once

#include "run/options.hpp"
#include "worker/environment.hpp"

#include <set>
#include <string>
#include <vector>

namespace isolite::run {

/// What isolite's options on a command line said.
struct taken_options {
    options values;
    std::set<std::string> given; ///< The names of the options that were there: "--workers".
    std::string program;         ///< As it was called. Shape: a name without directories.
    bool help = false;           ///< The framework will be asked for its help.
    bool is_asked = false;       ///< `take_options` was called.
};

/// Takes isolite's options out of a command line, as `take_options` does, in addition to those
/// that were taken before.
/// Errors: errc::usage for a malformed option; the command line is as it was then.
[[nodiscard]] result<taken_options> take_from(int& argc, char** argv, taken_options before = {});

/// Completes what was taken by the environment: an option wins over its variable. Options that need
/// forked workers are as good as --workers=auto, if nothing else is said about workers; a variable
/// that does is as good as --workers=1.
/// Errors: errc::environment for a malformed variable; errc::usage for an option that needs forked
///   workers where 0 were asked for.
[[nodiscard]] result<options> combine(const taken_options& taken,
                                      const workers::environment& variables);

/// Claims the files that ISOLITE_FILES names, as soon as an adapter is there, which is before
/// `main`: global fixtures may open some. What is malformed is told when the run starts.
ISOLITE_API void claim_files_of_variable();

/// Fails where an argument in front of `--` is nearly one of isolite's options: a framework that
/// ignores what it does not know would run the suite as if nothing had been asked. `of_framework`
/// are the names of its own options that are spelled almost alike.
/// Errors: errc::usage.
[[nodiscard]] ISOLITE_API result<void> check_spelling(int argc, char** argv,
                                                      const std::set<std::string>& of_framework);

/// Leaves an option in command lines, where the framework has one that is called the same.
ISOLITE_API void leave_to_framework(std::string option);

/// Warns of isolite's options on the command line of this process where nobody has called
/// `take_options`: a framework's own `main` may ignore what it does not know.
ISOLITE_API void warn_about_untaken_options();

/// Returns those of the arguments that are options of isolite and of no framework.
[[nodiscard]] std::vector<std::string> own_options(const std::vector<std::string>& arguments);

/// Returns what `take_options` took in this process.
[[nodiscard]] ISOLITE_API const taken_options& taken_of_process();

/// Returns the options that were taken from the command line, else those of the environment.
/// Errors: errc::environment.
[[nodiscard]] ISOLITE_API result<options> chosen_options(const workers::environment& variables);

/// Returns what the options mean. Shape: lines.
[[nodiscard]] std::string help_text();

} // namespace isolite::run
