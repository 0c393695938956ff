#include "cli/commands.hpp"

#include "os/files.hpp"
#include "os/own_process.hpp"
#include "os/process_facts.hpp"
#include "os/started_program.hpp"
#include "os/whole_file.hpp"
#include "programs/verification.hpp"
#include "run/command_line.hpp"
#include "text/utf8.hpp"
#include "worker/environment.hpp"
#include "worker/own_directory.hpp"

#include <CLI/CLI.hpp>

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

Exit codes: 0 no case depends on others or on conditions, 1 some do, or the program was not verified,
2 the command line is wrong, 3 nobody can tell, as a case differs by chance.)";

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

exit_code exit_code_of(int status) {
    constexpr int unsure = static_cast<int>(exit_code::unsure);
    return status == 0        ? exit_code::fine
           : status == unsure ? exit_code::unsure
                              : exit_code::problem;
}

/// Lets a program with isolite verify itself.
result<int> verify_itself(const std::vector<std::string>& program, const std::string& file,
                          bool to_stderr) {
    os::set_variable("ISOLITE_VERIFY", "on");
    os::set_variable("ISOLITE_VERIFY_JSON", file);
    return os::run_program(program, to_stderr ? os::stdout_of_program::to_stderr
                                              : os::stdout_of_program::own)
        .and_then([&](int status) -> result<int> {
            if (!os::look_at(file)) {
                return tl::unexpected(error{
                    errc::environment,
                    "verify " + text::printable(program.front()) +
                        ": it ended without a verification, with exit status " +
                        std::to_string(status),
                    "the program must have isolite's adapter of its test framework, and run a "
                    "case"});
            }
            return status;
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

result<int> verify_in(const place_for_findings& findings, const verify_request& request,
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
            return status ? result<int>(*status)
                          : verify_itself(program, findings.file(), request.json);
        });
}

exit_code verify(const verify_request& request, const std::vector<std::string>& program) {
    auto made = workers::make_own_directory("findings-" + std::to_string(os::own_number()),
                                            {"verify the suite", "TMPDIR"});
    if (!made) {
        return outcome_of(tl::unexpected(made.error()));
    }
    const place_for_findings findings(*std::move(made));
    std::cout.flush();
    const auto status = verify_in(findings, request, program);
    if (!status) {
        return outcome_of(tl::unexpected(status.error()));
    }
    if (request.json) {
        std::cout << os::read_whole_file(findings.file()).value_or("");
    }
    return exit_code_of(*status);
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
