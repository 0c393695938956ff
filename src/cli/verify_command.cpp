#include "cli/commands.hpp"

#include "os/child_processes.hpp"
#include "os/files.hpp"
#include "os/own_process.hpp"
#include "os/process_facts.hpp"
#include "os/started_programs.hpp"
#include "os/whole_file.hpp"
#include "programs/verification.hpp"
#include "run/command_line.hpp"
#include "run/death.hpp"
#include "run/signal_watch.hpp"
#include "text/utf8.hpp"
#include "worker/environment.hpp"
#include "worker/own_directory.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib> // what a status says
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace isolite::cli {

namespace {

constexpr const char* about_verifying =
    R"(Lets a test program run its cases in many orders, each alone, in parallel, and at other times and
places, and narrows what differs to the smallest set of cases or conditions. It has an adapter of
isolite, or is any program of Boost.Test, doctest, GoogleTest or Catch2, whose cases are run at no
other times and places. What stands behind PROGRAM is for the program, such as a filter.

Examples:
  isolite verify ./my_tests
  isolite verify --budget=300 ./my_tests --shuffle=7
  isolite verify --json ./my_tests | jq .findings

Exit codes: 0 no case depends on others or on conditions, 1 some do, 2 nothing was verified, as the
command line is wrong, the program cannot be verified or what was found cannot be written, 3 nobody
can tell, as a case differs by chance, or the verification was stopped, or had no time.)";

/// Says that a program and its arguments stand behind the options.
class usage_with_program : public CLI::Formatter {
  public:
    std::string make_usage(const CLI::App* app, std::string name) const override {
        std::string usage = Formatter::make_usage(app, std::move(name));
        usage.insert(usage.find_last_not_of('\n') + 1, " PROGRAM [ARGUMENTS...]");
        return usage;
    }
};

struct verify_request {
    std::string budget;
    bool json = false;
};

/// A directory for what the program has found, which goes with this object.
class place_for_findings {
  public:
    explicit place_for_findings(std::string path) : path_(std::move(path)) {}
    place_for_findings(const place_for_findings&) = delete;
    place_for_findings& operator=(const place_for_findings&) = delete;
    ~place_for_findings() { os::remove_tree(path_); }

    [[nodiscard]] std::string file() const { return path_ + "/findings.json"; }

  private:
    std::string path_;
};

/// Returns what is to be said of how a program with isolite ended, as waitpid tells: only what it
/// has found counts as that.
exit_code exit_code_of(int status) {
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    for (const exit_code each : {exit_code::fine, exit_code::problem, exit_code::unsure}) {
        if (code == static_cast<int>(each)) {
            return each;
        }
    }
    return exit_code::usage;
}

/// Waits for the end of a program, which is to tell what it knows when somebody asks this process
/// to end. Returns how it ended, as waitpid tells.
int await_program(pid_t program, run::signal_watch& watch) {
    constexpr std::chrono::minutes any_time(1);
    while (!os::has_ended(program)) {
        const auto signal = watch.wait(any_time);
        if (signal && *signal != SIGCHLD) {
            watch.keep_requests();
            os::send_signal(program, *signal);
        }
    }
    if (watch.take_pending()) { // as a terminal sends it to both
        watch.keep_requests();
    }
    return os::await_status(program);
}

/// Lets a program with isolite verify itself.
result<exit_code> verify_itself(const std::vector<std::string>& program, const std::string& file,
                                bool to_stderr) {
    os::set_variable("ISOLITE_VERIFY", "on");
    os::set_variable("ISOLITE_VERIFY_JSON", file);
    run::signal_watch watch;
    return os::start_program({program, "", {}, to_stderr})
        .and_then([&](pid_t started) -> result<exit_code> {
            const int status = await_program(started, watch);
            if (!os::look_at(file)) {
                return tl::unexpected(error{
                    errc::environment,
                    "verify " + text::printable(program.front()) +
                        ": it ended without a verification; " + run::end_of(status),
                    "the program must have isolite's adapter of its test framework, and run a "
                    "case"});
            }
            return exit_code_of(status);
        });
}

/// Returns what names the report for JUnit after the program, where it goes to a directory.
run::taken_options taken_for(const std::vector<std::string>& program) {
    run::taken_options taken;
    taken.program = std::filesystem::path(program.front()).filename().string();
    const auto report = workers::environment::of_process().find("ISOLITE_JUNIT");
    if (report && !report->empty() && report->front() == '/') {
        taken.values.reports.junit = *report;
    }
    return taken;
}

result<exit_code> verify_in(const place_for_findings& findings, const verify_request& request,
                            const std::vector<std::string>& program) {
    if (!request.budget.empty()) {
        os::set_variable("ISOLITE_BUDGET", request.budget);
    }
    auto options = run::combine(taken_for(program), workers::environment::of_process());
    if (!options) {
        return tl::unexpected(options.error());
    }
    options->verified_json = findings.file();
    return programs::verify(program, *options, request.json)
        .and_then([&](const std::optional<int>& status) {
            return status ? result<exit_code>(static_cast<exit_code>(*status))
                          : verify_itself(program, findings.file(), request.json);
        });
}

/// Says why nothing was verified.
exit_code refuse(const error& why) {
    static_cast<void>(outcome_of(tl::unexpected(why)));
    return exit_code::usage;
}

exit_code verify(const verify_request& request, const std::vector<std::string>& program) {
    auto made = workers::make_own_directory("findings-" + std::to_string(os::own_number()),
                                            {"verify the suite", "TMPDIR"});
    if (!made) {
        return refuse(made.error());
    }
    const place_for_findings findings(*std::move(made));
    std::cout.flush();
    const auto status = verify_in(findings, request, program);
    if (!status) {
        return refuse(status.error());
    }
    if (request.json) {
        std::cout << os::read_whole_file(findings.file()).value_or("");
    }
    return *status;
}

} // namespace

void add_verify(CLI::App& app, exit_code& outcome) {
    CLI::App* const command = app.add_subcommand(
        "verify", "Find out whether cases of a test program depend on each other");
    command->footer(about_verifying);
    command->formatter(std::make_shared<usage_with_program>());
    command->prefix_command();
    // What stands behind -- CLI11 leaves to the parent.
    command->preparse_callback([&app](std::size_t /*words*/) { app.prefix_command(); });
    const auto wanted = std::make_shared<verify_request>();
    command->add_option("--budget", wanted->budget, "how long it may take, 60 without it")
        ->type_name("SECONDS");
    command->add_flag("--json", wanted->json,
                      "print JSON; what the program prints goes to stderr then");
    command->callback([wanted, command, &app, &outcome] {
        std::vector<std::string> program = command->remaining();
        const std::vector<std::string> behind_dashes = app.remaining();
        program.insert(program.end(), behind_dashes.begin(), behind_dashes.end());
        if (program.empty()) {
            throw CLI::RequiredError("PROGRAM");
        }
        if (program.front().rfind('-', 0) == 0) { // a mistyped option
            throw CLI::ExtrasError("verify", program);
        }
        outcome = verify(*wanted, program);
    });
}

} // namespace isolite::cli
