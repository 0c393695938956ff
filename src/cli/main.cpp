#include "cli/commands.hpp"

#include "error/warning.hpp"
#include "text/utf8.hpp"

#include <CLI/CLI.hpp>
#include <isolite/version.hpp>
#include <sqlite3.h>

#include <exception>
#include <iostream>
#include <vector>

namespace {

using isolite::cli::exit_code;

constexpr const char* about = "Show what isolite keeps and finds on this machine";

constexpr const char* lesson =
    R"(The cache: a test binary applies its seeds once and keeps the databases as images, which other
workers and later runs map. Each project has a directory in it. The records of the last runs are kept
there too.

Examples:
  isolite doctor                       what isolite finds here, and what is wrong
  isolite report                       what the fixtures of the last run cost
  isolite cache list                   the images of the project
  isolite cache path                   where they are
  isolite cache prune                  remove what is beyond the bounds
  isolite cache prune --everything     remove all that nobody uses
  isolite history export FILE          durations of cases, for shards on other machines
  isolite verify ./my_tests            whether cases of a test program depend on each other

Variables, which test binaries read as well:
  ISOLITE_CACHE=DIR|off                where images are kept, or that none are
  ISOLITE_PROJECT=NAME                 the project, "default" without it
  ISOLITE_CACHE_MB=N                   bound on the size of a project's images, 1024 without it
  ISOLITE_CACHE_DAYS=N                 bound on how long unused images stay, 30 without it
  ISOLITE_CACHE_FRESH=on               images of earlier runs are not used
  ISOLITE_LEDGER=DIR|off               where the records of runs are kept, or that none are
  ISOLITE_HISTORY=FILE                 by which durations test binaries cut their shards
  ISOLITE_RUNTIME_DIR=DIR              where workers lock their slots
isolite doctor shows these and all others that are set.

Exit codes: 0 all is well, 1 something is wrong or was refused, 2 the command line is wrong,
3 nobody can tell.)";

/// Returns the command that the line names, as deep as it could be read.
const CLI::App& innermost(const CLI::App& app) {
    const CLI::App* command = &app;
    while (!command->get_subcommands().empty()) {
        command = command->get_subcommands().front();
    }
    return *command;
}

std::string full_name(const CLI::App& command) {
    return command.get_parent() ? full_name(*command.get_parent()) + " " + command.get_name()
                                : command.get_name();
}

std::string first_leftover(const CLI::App& command) {
    const auto left = command.remaining();
    if (!left.empty() || !command.get_parent()) {
        return left.empty() ? "" : left.front();
    }
    return first_leftover(*command.get_parent());
}

exit_code refuse(const CLI::App& app, const CLI::ParseError& problem) {
    const CLI::App& command = innermost(app);
    const std::string name = full_name(command);
    const std::string leftover = first_leftover(command);
    if (leftover.empty() && problem.get_name() == "RequiredError") {
        std::cerr << app.help();
        return exit_code::usage;
    }
    std::string sentence = problem.what();
    if (!leftover.empty()) {
        const bool has_commands = !command.get_subcommands({}).empty();
        sentence = "'" + name + "' has no " +
                   (leftover.front() == '-' ? "option "
                    : has_commands          ? "command "
                                            : "argument ") +
                   leftover;
    }
    const bool may_be_programs = command.get_prefix_command() && !leftover.empty();
    std::cerr << "isolite: " << isolite::text::printable_lines(sentence) << "\n  hint: '" << name
              << " --help' shows what it has"
              << (may_be_programs ? "; options of the program stand behind it" : "") << '\n';
    return exit_code::usage;
}

exit_code run(CLI::App& app, int argc, char** argv) {
    exit_code outcome = exit_code::fine;
    const auto failed = [&app] {
        return app.got_subcommand("verify") ? exit_code::usage : exit_code::problem;
    };
    isolite::cli::add_cache_commands(app, outcome);
    isolite::cli::add_history_commands(app, outcome);
    isolite::cli::add_report(app, outcome);
    isolite::cli::add_verify(app, outcome);
    isolite::cli::add_doctor(app, outcome);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& wish) { // --help, --version
        app.exit(wish);
    } catch (const CLI::ParseError& problem) {
        return refuse(app, problem);
    } catch (const std::exception& problem) {
        std::cerr << "isolite: cannot go on: " << problem.what() << '\n';
        return failed();
    }
    if (!std::cout.flush()) {
        std::cerr << "isolite: cannot write the output\n"
                     "  hint: the disk may be full, or what reads it may have ended\n";
        return failed();
    }
    return outcome;
}

} // namespace

namespace isolite::cli {

exit_code outcome_of(const result<void>& done) {
    if (done) {
        return exit_code::fine;
    }
    std::cout.flush();
    warnings::complain(done.error().text());
    return done.error().code == errc::usage ? exit_code::usage : exit_code::problem;
}

} // namespace isolite::cli

int main(int argc, char** argv) {
    CLI::App app(about, "isolite");
    app.footer(lesson);
    app.set_version_flag("--version",
                         std::string("isolite " ISOLITE_VERSION ", SQLite ") + sqlite3_libversion(),
                         "Print the versions of isolite and SQLite and exit");
    app.require_subcommand(1);
    return static_cast<int>(run(app, argc, argv));
}
