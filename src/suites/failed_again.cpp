#include "suites/failed_again.hpp"

#include "ledger/ledger.hpp"
#include "ledger/record_line.hpp"
#include "os/process_tree.hpp"
#include "run/command_line.hpp"
#include "run/option_rules.hpp"
#include "text/shell_words.hpp"
#include "worker/environment.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <string_view>

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

/// Returns how many words an option of isolite's is there; 0 where there is none.
std::size_t words_of_option(const words& line, std::size_t at) {
    const std::string name = line[at].substr(0, line[at].find('='));
    const auto* const rule =
        std::find_if(run::option_rules.begin(), run::option_rules.end(),
                     [&name](const run::option_rule& each) { return name == each.name; });
    if (rule == run::option_rules.end()) {
        return 0;
    }
    const bool has_next = rule->kind == run::option_rule::value_kind::required &&
                          name == line[at] && at + 1 < line.size() &&
                          line[at + 1].compare(0, 2, "--") != 0;
    return has_next ? 2 : 1;
}

/// A command line, taken apart.
struct sorted_words {
    words of_isolite; ///< without those that are not wanted
    words all;        ///< with the others, as they stood
};

sorted_words sorted(const words& line, const std::set<std::string>& unwanted) {
    sorted_words found;
    for (std::size_t at = 0; at < line.size();) {
        const std::size_t count = at == 0 ? 0 : words_of_option(line, at);
        const auto word = line.begin() + static_cast<std::ptrdiff_t>(at);
        const words taken(word,
                          word + static_cast<std::ptrdiff_t>(std::max<std::size_t>(count, 1)));
        at += taken.size();
        if (count > 0 && unwanted.count(taken.front().substr(0, taken.front().find('='))) > 0) {
            continue;
        }
        add(found.all, taken);
        if (count > 0) {
            add(found.of_isolite, taken);
        }
    }
    return found;
}

/// What of a run is not repeated: files that were written, and are to stay, and tables of times.
const std::set<std::string>& unwanted_again() {
    static const std::set<std::string> names = {
        "--failed", "--debug", // with which there are no workers
        "--junit",  "--report", "--gtest_output", "--verify-json", "--timings", "--durations"};
    return names;
}

/// Returns the options without which a case might become of something else.
words needed_options() {
    std::string patterns;
    for (const std::string& each : run::taken_of_process().values.files) {
        patterns += (patterns.empty() ? "" : ":") + each;
    }
    return patterns.empty() ? words() : words{"--files=" + patterns};
}

/// Returns the options of a shard, without those that cut it.
words options_of_shard(const words& line) {
    std::set<std::string> unwanted = unwanted_again();
    unwanted.insert({"--shard", "--history"});
    return sorted(line, unwanted).of_isolite;
}

std::string command_by_name(words command, const words& names, const words& options,
                            bool is_behind_dashes) {
    const std::size_t letters =
        std::accumulate(names.begin(), names.end(), std::size_t(0),
                        [](std::size_t sum, const std::string& word) { return sum + word.size(); });
    if (names.empty() || letters > most_letters) {
        return "";
    }
    add(command, names);
    add_options(command, options, is_behind_dashes);
    return text::shell_command(command);
}

/// Returns the same command line with `--failed`.
std::string command_by_history(const words& line, bool is_behind_dashes) {
    words command = sorted(line, unwanted_again()).all;
    add_options(command, {"--failed"}, is_behind_dashes);
    return text::shell_command(command);
}

/// Returns a command that runs cases in an order, which one worker does.
std::string command_by_order(const selected_again& selected) {
    words options;
    for (const std::string& name : selected.order) {
        options.push_back("--in-order=" + name);
    }
    std::string command = command_of_program(selected.filters, options, selected.is_behind_dashes);
    return command.size() > most_letters ? "" : command;
}

/// Adds what keeps cases in one process where a variable has asked for workers.
words in_one_process(words command) {
    const auto forked = workers::environment::of_process().find("ISOLITE_WORKERS");
    if (forked && *forked != "0") {
        command.insert(command.begin(), {"env", "ISOLITE_WORKERS=0"});
    }
    return command;
}

/// Returns what runs these cases of this program in a debugger, "" if there is no such command.
std::string debug_command(const words& names, bool is_behind_dashes) {
    const words line = os::this_process().arguments;
    return line.empty() ? ""
                        : command_by_name(in_one_process({"gdb", "--args", line.front()}), names,
                                          needed_options(), is_behind_dashes);
}

bool is_to_be_run_again(const results::case_result& result) {
    return result.verdict == results::verdict::failed && !result.interrupted;
}

/// Says whether somebody wants all cases to run in this process, in which there is no `--failed`.
bool forbids_workers(const run::options& options) {
    const bool is_chosen = run::taken_of_process().given.count("--workers") > 0 ||
                           workers::environment::of_process().find("ISOLITE_WORKERS");
    return !options.forks() && is_chosen;
}

/// The cases by their names; the first of equal ones.
using named_cases = std::map<std::string_view, std::size_t>;

named_cases names_of(const std::vector<results::test_case>& cases) {
    named_cases names;
    for (std::size_t position = 0; position < cases.size(); ++position) {
        names.emplace(cases[position].name, position);
    }
    return names;
}

/// Adds the cases that a text blames for the connections that they left open in the process.
void add_blamed(const std::string& why, const named_cases& all, std::set<std::size_t>& to) {
    constexpr std::string_view before = " that '";
    constexpr std::string_view behind = "' left open";
    for (std::size_t end = why.find(behind); end != std::string::npos;
         end = why.find(behind, end + 1)) {
        const std::size_t start = why.rfind(before, end);
        if (start == std::string::npos || start + before.size() > end) {
            continue;
        }
        const std::size_t name = start + before.size();
        const auto found = all.find(std::string_view(why).substr(name, end - name));
        if (found != all.end()) {
            to.insert(found->second);
        }
    }
}

void add_once(const std::string& name, words& to) {
    if (std::find(to.begin(), to.end(), name) == to.end()) {
        to.push_back(name);
    }
}

/// Returns a case that failed, and those that it blames. `names` are found out at the first one.
std::set<std::size_t> with_blamed(std::size_t position, const results::outcome& run,
                                  const std::vector<results::test_case>& cases,
                                  named_cases& names) {
    if (names.empty()) {
        names = names_of(cases);
    }
    std::set<std::size_t> together = {position};
    add_blamed(run.results[position].why, names, together);
    return together;
}

/// Returns these cases in the order in which they were listed.
std::vector<const results::test_case*> cases_at(const std::set<std::size_t>& positions,
                                                const std::vector<results::test_case>& cases) {
    std::vector<const results::test_case*> found;
    for (const std::size_t each : positions) {
        found.push_back(&cases[each]);
    }
    return found;
}

} // namespace

selected_again select_failed(const adapter& adapter, const results::outcome& run,
                             const std::vector<results::test_case>& cases) {
    named_cases names;
    std::set<std::size_t> wanted;
    std::set<std::size_t> first;
    selected_again selected;
    selected.filters = adapter.filters();
    selected.is_behind_dashes = adapter.takes_options_behind_dashes();
    for (std::size_t position = 0; position < cases.size(); ++position) {
        if (!is_to_be_run_again(run.results[position])) {
            continue;
        }
        const std::set<std::size_t> together = with_blamed(position, run, cases, names);
        selected.needs_others = selected.needs_others || together.size() > 1;
        wanted.insert(together.begin(), together.end());
        for (const std::size_t each : together) {
            if (each != position) {
                add_once(cases[each].name, selected.order);
            }
        }
        add_once(cases[position].name, selected.order);
        if (first.empty()) {
            first = together;
            if (*together.rbegin() != position) {
                selected.alone = "'" + cases[position].name + "' may pass alone: it needs '" +
                                 cases[*together.rbegin()].name + "' before it in the same process";
            }
        }
    }
    if (!wanted.empty()) {
        selected.failed = adapter.selection(cases_at(wanted, cases));
        selected.first = adapter.selection(cases_at(first, cases));
    }
    return selected;
}

void record_debug_commands(const adapter& adapter, const results::outcome& run,
                           const std::vector<results::test_case>& cases) {
    constexpr std::size_t most = 100; // nobody debugs more of them
    named_cases names;
    std::size_t count = 0;
    for (std::size_t position = 0; position < cases.size() && count < most; ++position) {
        if (!is_to_be_run_again(run.results[position])) {
            continue;
        }
        ++count;
        const std::string command = debug_command(
            adapter.selection(cases_at(with_blamed(position, run, cases, names), cases)),
            adapter.takes_options_behind_dashes());
        if (!command.empty()) {
            records::ledger::of_process().record("debug", [&](records::record_line& line) {
                line.add("id", static_cast<std::int64_t>(position))
                    .add("test", cases[position].name)
                    .add("text", command);
            });
        }
    }
}

results::next_commands commands_for(const selected_again& selected, const run_again& run) {
    results::next_commands commands;
    const bool takes_options = run::taken_of_process().is_asked;
    commands.timings =
        takes_options && !selected.is_behind_dashes ? "--timings" : "ISOLITE_SUMMARY=timings";
    const words line = os::this_process().arguments;
    if (selected.failed.empty() || line.empty()) {
        return commands;
    }
    commands.alone = selected.alone;
    const bool is_behind = selected.is_behind_dashes;
    const bool by_history = takes_options && run.is_remembered && !forbids_workers(run.options);
    const bool can_order = takes_options && !forbids_workers(run.options);
    if (!selected.alone.empty() && can_order) {
        commands.again = command_by_order(selected);
    } else if (selected.needs_others) {
        commands.again = command_by_name(in_one_process({line.front()}), selected.failed,
                                         needed_options(), is_behind);
    } else if (!by_history || run.is_shard) {
        commands.again =
            command_by_name({line.front()}, selected.failed,
                            by_history ? options_of_shard(line) : needed_options(), is_behind);
    }
    if (by_history && commands.again.empty()) {
        commands.again = command_by_history(line, is_behind);
    }
    commands.debug = debug_command(selected.first, is_behind);
    return commands;
}

std::string command_of_program(const std::vector<std::string>& filters,
                               const std::vector<std::string>& options, bool is_behind_dashes) {
    const words line = os::this_process().arguments;
    words command = {line.empty() ? "PROGRAM" : line.front()};
    add(command, filters);
    add_options(command, needed_options(), is_behind_dashes);
    add_options(command, options, is_behind_dashes);
    return text::shell_command(command);
}

} // namespace isolite::suites
