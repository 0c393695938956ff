#include "suites/failed_again.hpp"

#include "os/process_tree.hpp"
#include "run/command_line.hpp"
#include "text/shell_words.hpp"
#include "worker/environment.hpp"

#include <algorithm>
#include <numeric>

namespace isolite::suites {

namespace {

using words = std::vector<std::string>;

/// What is longer nobody copies.
constexpr std::size_t most_letters = 2000;

void add(words& to, const words& more) {
    to.insert(to.end(), more.begin(), more.end());
}

/// Adds options of isolite, where the program takes them.
void add_options(words& to, const words& options, bool is_behind_dashes) {
    if (is_behind_dashes && !options.empty() && std::find(to.begin(), to.end(), "--") == to.end()) {
        to.emplace_back("--");
    }
    add(to, options);
}

/// Returns the options without which a case might become of something else.
words needed_options() {
    std::string patterns;
    for (const std::string& each : run::taken_of_process().values.files) {
        patterns += (patterns.empty() ? "" : ":") + each;
    }
    return patterns.empty() ? words() : words{"--files=" + patterns};
}

std::string command_by_name(words command, const words& names, bool is_behind_dashes) {
    const std::size_t letters =
        std::accumulate(names.begin(), names.end(), std::size_t(0),
                        [](std::size_t sum, const std::string& word) { return sum + word.size(); });
    if (names.empty() || letters > most_letters) {
        return "";
    }
    add(command, names);
    add_options(command, needed_options(), is_behind_dashes);
    return text::shell_command(command);
}

/// Returns the same command line with `--failed`.
std::string command_by_history(words command, bool is_behind_dashes) {
    const std::string option = "--failed";
    const auto is_dropped = [&option](const std::string& word) {
        return word == option || word == "--debug"; // with which there are no workers
    };
    command.erase(std::remove_if(command.begin(), command.end(), is_dropped), command.end());
    add_options(command, {option}, is_behind_dashes);
    return text::shell_command(command);
}

/// Says whether somebody wants all cases to run in this process, in which there is no `--failed`.
bool forbids_workers(const run::options& options) {
    const bool is_chosen = run::taken_of_process().given.count("--workers") > 0 ||
                           workers::environment::of_process().find("ISOLITE_WORKERS");
    return !options.forks() && is_chosen;
}

} // namespace

selected_again select_failed(const adapter& adapter, const results::outcome& run,
                             const std::vector<results::test_case>& cases) {
    std::vector<const results::test_case*> failed;
    for (std::size_t position = 0; position < cases.size(); ++position) {
        const results::case_result& result = run.results[position];
        if (result.verdict == results::verdict::failed && !result.interrupted) {
            failed.push_back(&cases[position]);
        }
    }
    selected_again selected;
    selected.is_behind_dashes = adapter.takes_options_behind_dashes();
    if (!failed.empty()) {
        selected.failed = adapter.selection(failed);
        selected.first = adapter.selection({failed.front()});
    }
    return selected;
}

results::next_commands commands_for(const selected_again& selected, const run::options& options,
                                    bool is_remembered) {
    results::next_commands commands;
    const bool takes_options = run::taken_of_process().is_asked;
    commands.timings =
        takes_options && !selected.is_behind_dashes ? "--timings" : "ISOLITE_SUMMARY=timings";
    const words line = os::this_process().arguments;
    if (selected.failed.empty() || line.empty()) {
        return commands;
    }
    commands.again =
        takes_options && is_remembered && !forbids_workers(options)
            ? command_by_history(line, selected.is_behind_dashes)
            : command_by_name({line.front()}, selected.failed, selected.is_behind_dashes);
    words debugger = {"gdb", "--args", line.front()};
    const auto forked = workers::environment::of_process().find("ISOLITE_WORKERS");
    if (forked && *forked != "0") {
        debugger.insert(debugger.begin(), {"env", "ISOLITE_WORKERS=0"});
    }
    commands.debug = command_by_name(debugger, selected.first, selected.is_behind_dashes);
    return commands;
}

std::string command_of_program(const std::vector<std::string>& options, bool is_behind_dashes) {
    const words line = os::this_process().arguments;
    words command = {line.empty() ? "PROGRAM" : line.front()};
    add_options(command, needed_options(), is_behind_dashes);
    add_options(command, options, is_behind_dashes);
    return text::shell_command(command);
}

} // namespace isolite::suites
