#include "run/command_line.hpp"

#include "error/warning.hpp"
#include "os/own_process.hpp"
#include "os/process_tree.hpp"
#include "run/implied_workers.hpp"
#include "run/option_rules.hpp"
#include "sandbox/case_files.hpp"
#include "text/spelling.hpp"
#include "worker/detection.hpp"
#include "worker/file_names.hpp"

#include <isolite/command_line.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <utility>
#include <vector>

// Not by CLI11, which serves the command `isolite`: it sorts what it does not know from what it
// does, but cannot hand it on as it was, and a framework's `--name value` would lose its order.

namespace isolite {

namespace run {

namespace {

taken_options& stored() {
    static auto* const taken = new taken_options; // late destructors may ask for it
    return *taken;
}

/// The options of which a framework has its own.
std::set<std::string>& left() {
    static auto* const names = new std::set<std::string>; // before `main`, too
    return *names;
}

const option_rule* rule_of(const std::string& name) {
    const auto* const found =
        std::find_if(option_rules.begin(), option_rules.end(),
                     [&](const option_rule& rule) { return name == rule.name; });
    return found == option_rules.end() || left().count(name) > 0 ? nullptr : &*found;
}

/// Says whether an argument can be the value of the option before it. What looks like another
/// option, or ends the framework's, is not: the value was forgotten.
bool is_value(const char* argument) {
    return argument != nullptr && std::string(argument).compare(0, 2, "--") != 0;
}

result<void> read(const option_rule& rule, const std::optional<std::string>& value,
                  taken_options& to) {
    using kind = option_rule::value_kind;
    if (!value && rule.kind == kind::required) {
        return tl::unexpected(error{
            errc::usage, std::string(rule.task) + ": " + rule.name + " has no value", rule.hint});
    }
    const bool is_unwanted =
        value && (rule.kind == kind::none || (rule.kind == kind::optional && value->empty()));
    if (is_unwanted || !rule.read(value.value_or(""), to.values)) {
        error malformed =
            workers::variable_error(rule.task, rule.name, *value, rule.complaint, rule.hint);
        malformed.code = errc::usage;
        return tl::unexpected(std::move(malformed));
    }
    to.given.insert(rule.name);
    return {};
}

/// Who asks for two parts would get one, and nobody runs the other.
result<void> check_one_shard(const std::optional<shard>& before, const std::optional<shard>& now) {
    if (!before || (before->index == now->index && before->total == now->total)) {
        return {};
    }
    const auto name = [](const shard& named) {
        return std::to_string(named.index) + "/" + std::to_string(named.total);
    };
    return tl::unexpected(error{errc::usage,
                                "choose the shard: --shard is given twice, as " + name(*before) +
                                    " and as " + name(*now),
                                "give one of them: a process runs one part of its suite"});
}

/// Tests may go to another directory before the file is read or written.
std::string absolute_path(const std::string& path) {
    std::error_code no_directory;
    const auto absolute = std::filesystem::absolute(path, no_directory);
    return path.empty() || no_directory ? path : absolute.string();
}

/// Names the file of a report in a directory: shards of one program have one each.
void name_file(std::string& path, const std::string& program, const std::optional<shard>& part,
               const char* extension) {
    if (path.empty() || path.back() != '/') {
        return;
    }
    path += program;
    if (part && part->total > 1) {
        path += "-shard-" + std::to_string(part->index) + "-of-" + std::to_string(part->total);
    }
    path += extension;
}

/// Reads how much the run says when it ends, where no option has said so.
result<void> read_summary_variable(const workers::environment& variables,
                                   const taken_options& taken, options& chosen) {
    using level = results::summary_level;
    constexpr std::array<std::pair<const char*, level>, 4> levels = {{{"off", level::off},
                                                                      {"failures", level::failures},
                                                                      {"on", level::usual},
                                                                      {"timings", level::timings}}};
    const auto text = variables.find("ISOLITE_SUMMARY");
    if (!text) {
        return {};
    }
    const auto* const found = std::find_if(levels.begin(), levels.end(),
                                           [&](const auto& each) { return *text == each.first; });
    if (found == levels.end()) {
        return tl::unexpected(workers::variable_error(
            "choose the summary", "ISOLITE_SUMMARY", *text,
            "neither off nor failures nor on nor timings",
            "set it to on (the default): a verdict, and what failed; timings adds tables, and "
            "failures and off are silent where all passed"));
    }
    if (taken.given.count("--timings") == 0) {
        chosen.reports.summary = found->second;
    }
    return {};
}

/// Reads a path where no option has given one. `hint`: why it is to be absolute.
result<void> read_path_variable(const workers::environment& variables, const char* task,
                                const char* variable, const char* hint, std::string& to) {
    const auto text = variables.find(variable);
    if (!text || !to.empty()) {
        return {};
    }
    if (!workers::is_absolute(*text)) {
        return tl::unexpected(
            workers::variable_error(task, variable, *text, "not an absolute path", hint));
    }
    to = *text;
    return {};
}

/// Reads where a report goes where no option has said so.
result<void> read_report_variable(const workers::environment& variables, const char* variable,
                                  std::string& to) {
    return read_path_variable(variables, "write a report", variable,
                              "write a path that begins with /; with / at its end it is a "
                              "directory, for a file with the name of the program",
                              to);
}

/// Reads those that are no option's, or say it in another way.
result<void> read_own_variables(const workers::environment& variables, const taken_options& taken,
                                options& chosen) {
    return chosen_exit_scope(variables)
        .map([&](exit_scope scope) { chosen.scope_of_exit = scope; })
        .and_then([&] { return read_summary_variable(variables, taken, chosen); })
        .and_then(
            [&] { return read_report_variable(variables, "ISOLITE_JUNIT", chosen.reports.junit); })
        .and_then(
            [&] { return read_report_variable(variables, "ISOLITE_REPORT", chosen.reports.page); })
        .and_then([&] {
            return read_path_variable(variables, "write what a verification found",
                                      "ISOLITE_VERIFY_JSON", "write a path that begins with /",
                                      chosen.verified_json);
        })
        .and_then([&] {
            return read_path_variable(
                variables, "use a history", "ISOLITE_HISTORY",
                "write a path that begins with /: it must name the same file for all programs",
                chosen.history);
        });
}

/// Fails where an option says something of a verification, and nobody asks for one. Variables may
/// stay set for later.
result<void> check_wish_to_verify(const taken_options& taken, const options& chosen) {
    for (const option_rule& rule : option_rules) {
        const std::string name = rule.name;
        const bool is_of_verification = name == "--budget" || name == "--verify-json";
        if (is_of_verification && !chosen.verifies && taken.given.count(name) > 0) {
            return tl::unexpected(error{errc::usage,
                                        std::string(rule.task) + ": " + name + " needs --verify",
                                        "give --verify, too, or leave out " + name});
        }
    }
    return {};
}

/// Names the files of the reports that go to directories.
void name_reports(const taken_options& taken, const workers::environment& variables,
                  results::wanted_reports& reports) {
    // What is wrong with the variables of a shard is told where it is detected.
    const auto part = taken.values.shard ? taken.values.shard
                                         : workers::named_shard(variables).value_or(std::nullopt);
    const auto program_for = [&](const std::string& by_option) {
        return by_option.empty() ? os::program_name() : taken.program;
    };
    name_file(reports.junit, program_for(taken.values.reports.junit), part, ".xml");
    name_file(reports.page, program_for(taken.values.reports.page), part, ".html");
}

} // namespace

result<taken_options> take_from(int& argc, char** argv, taken_options before) {
    std::vector<char*> rest;
    for (char** at = argv; at != argv + argc; ++at) {
        const std::string argument = *at;
        const std::size_t equals = argument.find('=');
        const option_rule* const rule = at == argv ? nullptr : rule_of(argument.substr(0, equals));
        if (rule == nullptr) {
            before.help = before.help || argument == "--help" || argument == "-h";
            rest.push_back(*at);
            continue;
        }
        std::optional<std::string> value;
        if (equals != std::string::npos) {
            value = argument.substr(equals + 1);
        } else if (rule->kind == option_rule::value_kind::required && is_value(at[1])) {
            value = *++at;
        }
        const auto earlier_shard = before.values.shard;
        const auto taken = read(*rule, value, before).and_then([&] {
            return check_one_shard(earlier_shard, before.values.shard);
        });
        if (!taken) {
            return tl::unexpected(taken.error());
        }
    }
    before.program = std::filesystem::path(argc > 0 ? argv[0] : "").filename().string();
    options& values = before.values;
    for (std::string* const path :
         {&values.reports.junit, &values.reports.page, &values.history, &values.verified_json}) {
        *path = absolute_path(*path);
    }
    argc = static_cast<int>(rest.size());
    *std::copy(rest.begin(), rest.end(), argv) = nullptr;
    return before;
}

result<options> combine(const taken_options& taken, const workers::environment& variables) {
    options chosen = taken.values;
    for (const option_rule& rule : option_rules) {
        if (rule.variable == nullptr || taken.given.count(rule.name) > 0) {
            continue;
        }
        const auto text = variables.find(rule.variable);
        const bool says_nothing = text && text->empty(); // which an option without a value does
        if (text && (says_nothing || !rule.read(*text, chosen))) {
            return tl::unexpected(workers::variable_error(rule.task, rule.variable, *text,
                                                          rule.complaint, rule.hint));
        }
    }
    if (const auto read = read_own_variables(variables, taken, chosen); !read) {
        return tl::unexpected(read.error());
    }
    name_reports(taken, variables, chosen.reports);
    if (const auto checked = check_wish_to_verify(taken, chosen); !checked) {
        return tl::unexpected(checked.error());
    }
    if (chosen.verifies && taken.given.count("--verify") == 0) {
        chosen.workers = chosen.forks() ? chosen.workers : std::nullopt; // by its variable
    }
    return with_implied_workers(taken, variables, std::move(chosen));
}

void claim_files_of_variable() {
    const auto variables = workers::environment::of_process();
    if (variables.find("ISOLITE_FILES")) {
        if (const auto chosen = combine({}, variables)) {
            static_cast<void>(sandbox::claim_files(chosen->files, false)); // the run tells
        }
    }
}

result<void> check_spelling(int argc, char** argv, const std::set<std::string>& of_framework) {
    constexpr std::size_t most_different = 2;
    for (char** at = argv + 1; at < argv + argc && std::string(*at) != "--"; ++at) {
        const std::string argument = *at;
        const std::string name = argument.substr(0, argument.find('='));
        if (name.compare(0, 1, "-") != 0 || of_framework.count(name) > 0) {
            continue;
        }
        const auto* const nearest =
            std::min_element(option_rules.begin(), option_rules.end(),
                             [&](const option_rule& one, const option_rule& other) {
                                 return text::letters_between_words(name, one.name) <
                                        text::letters_between_words(name, other.name);
                             });
        if (text::letters_between_words(name, nearest->name) <= most_different &&
            left().count(nearest->name) == 0) {
            return tl::unexpected(error{errc::usage,
                                        "take " + argument + ": there is no such option",
                                        std::string("did you mean ") + nearest->name +
                                            "? What is meant for the program goes behind --"});
        }
    }
    return {};
}

void leave_to_framework(std::string option) {
    left().insert(std::move(option));
}

std::vector<std::string> own_options(const std::vector<std::string>& arguments) {
    std::vector<std::string> found;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::string name = arguments[i].substr(0, arguments[i].find('='));
        if (rule_of(name) != nullptr && name != "--gtest_output") {
            found.push_back(arguments[i]);
        }
    }
    return found;
}

// It may be the program's own option of the same name: no reason to fail.
void warn_about_untaken_options() {
    if (stored().is_asked) {
        return;
    }
    for (const std::string& each : own_options(os::this_process().arguments)) {
        warnings::warn_once({errc::usage,
                             "obey " + each + ": nothing in this program takes isolite's options",
                             "use the main of isolite's adapter, such as <isolite/gtest_main.hpp>, "
                             "or call isolite::take_options before the framework's"});
    }
}

const taken_options& taken_of_process() {
    return stored();
}

result<options> chosen_options(const workers::environment& variables) {
    return combine(taken_of_process(), variables);
}

std::string help_text() {
    constexpr std::size_t width = 28;
    std::string text = "isolite's options:\n";
    for (const option_rule& rule : option_rules) {
        if (left().count(rule.name) > 0) {
            continue;
        }
        std::string option = std::string("  ") + rule.name + rule.value;
        option.resize(std::max(option.size() + 1, width), ' ');
        text += option + rule.meaning;
        text += rule.variable ? std::string(" (") + rule.variable + ")\n" : "\n";
    }
    return text;
}

} // namespace run

result<void> take_options(int& argc, char** argv) {
    std::vector<char*> words(argv, argv + argc + 1);
    int count = argc;
    auto taken = run::take_from(count, words.data(), run::taken_of_process());
    if (!taken) {
        return tl::unexpected(taken.error());
    }
    // Now, so that a contradiction is not reported in the middle of the framework's output.
    const auto variables = workers::environment::of_process();
    const auto chosen = run::combine(*taken, variables);
    if (!chosen) {
        return tl::unexpected(chosen.error());
    }
    if (auto claimed = sandbox::claim_files(chosen->files, true);
        !claimed) { // global fixtures may open some
        return claimed;
    }
    if (taken->help && !run::taken_of_process().help) { // behind the framework's
        std::atexit([] { std::fputs(("\n" + run::help_text()).c_str(), stdout); });
    }
    if (chosen->shard) {
        workers::choose_shard(*chosen->shard);
    }
    run::stored() = std::move(*taken);
    run::stored().is_asked = true;
    std::copy_n(words.begin(), count + 1, argv);
    argc = count;
    return {};
}

} // namespace isolite
