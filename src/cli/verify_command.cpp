#include "cli/commands.hpp"

#include "os/files.hpp"
#include "os/own_process.hpp"
#include "os/process_facts.hpp"
#include "os/started_program.hpp"
#include "os/whole_file.hpp"
#include "text/utf8.hpp"
#include "worker/own_directory.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace isolite::cli {

namespace {

constexpr const char* about_verifying =
    R"(Lets a test program that has an adapter of isolite run its cases in many orders, each alone, in
parallel, and at other times and places, and narrows what differs to the smallest set of cases or
conditions. What stands behind PROGRAM is for the program, such as a filter.

Examples:
  isolite verify ./my_tests
  isolite verify --budget=300 ./my_tests --shuffle=7
  isolite verify --json ./my_tests | jq .findings

Exit codes: 0 no case depends on others or on conditions, 1 some do, or the program was not verified,
2 the command line is wrong, 3 nobody can tell, as a case differs by chance.)";

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

exit_code verify(const verify_request& request, const std::vector<std::string>& program) {
    auto made = workers::make_own_directory("findings-" + std::to_string(os::own_number()),
                                            {"verify the suite", "TMPDIR"});
    if (!made) {
        return outcome_of(tl::unexpected(made.error()));
    }
    const place_for_findings findings(*std::move(made));
    os::set_variable("ISOLITE_VERIFY", "on");
    os::set_variable("ISOLITE_VERIFY_JSON", findings.file());
    if (!request.budget.empty()) {
        os::set_variable("ISOLITE_BUDGET", request.budget);
    }
    std::cout.flush();
    const auto ended = os::run_program(program, request.json ? os::stdout_of_program::to_stderr
                                                             : os::stdout_of_program::own);
    if (!ended) {
        return outcome_of(tl::unexpected(ended.error()));
    }
    const auto found = os::read_whole_file(findings.file());
    if (!found) {
        return outcome_of(tl::unexpected(error{
            errc::environment,
            "verify " + text::printable(program.front()) +
                ": it ended without a verification, with exit status " + std::to_string(*ended),
            "the program must have isolite's adapter of its test framework, and run a case"}));
    }
    if (request.json) {
        std::cout << *found;
    }
    constexpr int unsure = static_cast<int>(exit_code::unsure);
    return *ended == 0        ? exit_code::fine
           : *ended == unsure ? exit_code::unsure
                              : exit_code::problem;
}

} // namespace

void add_verify(CLI::App& app, exit_code& outcome) {
    CLI::App* const command = app.add_subcommand(
        "verify", "Find out whether cases of a test program depend on each other");
    command->footer(about_verifying);
    command->prefix_command();
    const auto wanted = std::make_shared<verify_request>();
    command->add_option("--budget", wanted->budget, "how long it may take, 60 without it")
        ->type_name("SECONDS");
    command->add_flag("--json", wanted->json,
                      "print JSON; what the program prints goes to stderr then");
    command->callback([wanted, command, &outcome] {
        const std::vector<std::string> program = command->remaining();
        if (program.empty()) {
            throw CLI::RequiredError("PROGRAM");
        }
        outcome = verify(*wanted, program);
    });
}

} // namespace isolite::cli
