#include "../store/scratch_directory.hpp"
#include "demand.hpp"
#include "run/command_line.hpp"
#include "run/option_rules.hpp"
#include "suites/variables.hpp"
#include "worker/detection.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

// Any lines as a command line and an environment: those with a name in capital letters and an
// equals sign are variables, the others arguments.

using namespace isolite;
using fuzzing::demand;

namespace {

struct input {
    std::vector<std::string> arguments{"a/program"};
    std::map<std::string, std::string> variables;
};

input input_of(const std::string& text) {
    input read;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string line = text.substr(at, end - at);
        line.resize(std::min(line.find('\0'), line.size()));
        const std::size_t equals = line.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
        if (equals != std::string::npos && equals > 0 && line[equals] == '=') {
            read.variables[line.substr(0, equals)] = line.substr(equals + 1);
        } else {
            read.arguments.push_back(line);
        }
        at = end + 1;
    }
    return read;
}

/// A command line as `main` gets it.
class command_line {
  public:
    explicit command_line(std::vector<std::string>& words) {
        for (std::string& word : words) {
            argv.push_back(word.data());
        }
        argv.push_back(nullptr);
        argc = static_cast<int>(words.size());
    }

    int argc = 0;
    std::vector<char*> argv;
};

bool is_rule(const std::string& argument) {
    return std::any_of(run::option_rules.begin(), run::option_rules.end(),
                       [&](const run::option_rule& rule) {
                           return argument.substr(0, argument.find('=')) == rule.name;
                       });
}

void check_error(const error& wrong) {
    demand(!wrong.message.empty() && !wrong.hint.empty(), "what is wrong is told with a hint");
}

/// Returns what was taken.
run::taken_options check_arguments(std::vector<std::string> words) {
    command_line line(words);
    const std::vector<char*> before = line.argv;
    auto taken = run::take_from(line.argc, line.argv.data());
    if (!taken) {
        check_error(taken.error());
        demand(line.argv == before, "a command line with an error stays as it was");
        return {};
    }
    demand(line.argv[static_cast<std::size_t>(line.argc)] == nullptr, "a command line is closed");
    auto at = before.begin();
    for (int i = 0; i < line.argc; ++i) {
        at = std::find(at, before.end(), line.argv[static_cast<std::size_t>(i)]);
        demand(at != before.end(), "what is left keeps its order");
        demand(i == 0 || !is_rule(*at), "no option of isolite's is left", *at);
        ++at;
    }
    const int left = line.argc;
    const auto again = run::take_from(line.argc, line.argv.data(), *taken);
    demand(again && line.argc == left && again->given == taken->given, "all is taken at once");
    constexpr std::size_t most = 20; // what all words are compared with takes long
    if (std::all_of(words.begin(), words.end(),
                    [](const std::string& word) { return word.size() <= most; })) {
        static_cast<void>(run::check_spelling(line.argc, line.argv.data(), {"--report-level"}));
    }
    return *std::move(taken);
}

/// Reads digits with a limit.
bool is_number(const std::string& text, std::uint64_t least, std::uint64_t most) {
    std::uint64_t number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9' || number > (UINT64_MAX - 9) / 10) {
            return false;
        }
        number = 10 * number + static_cast<std::uint64_t>(c - '0');
    }
    return !text.empty() && number >= least && number <= most;
}

constexpr std::size_t longest_number = 25;

void check_numbers(const std::string& text) {
    const auto is_read = [&](const char* name) {
        std::vector<std::string> words{"a/program", std::string(name) + "=" + text};
        command_line line(words);
        return run::take_from(line.argc, line.argv.data()).has_value();
    };
    demand(is_read("--workers") == (text == "auto" || is_number(text, 0, 256)), "workers", text);
    demand(is_read("--retries") == is_number(text, 0, UINT32_MAX), "retries", text);
    demand(is_read("--repeat") == is_number(text, 1, UINT32_MAX), "repetitions", text);
    const std::size_t point = std::min(text.find('.'), text.size());
    const std::string fraction = text.substr(std::min(point + 1, text.size()));
    const bool is_timeout =
        is_number(text.substr(0, point), 0, UINT32_MAX) &&
        (point == text.size() ||
         (!fraction.empty() && fraction.find_first_not_of("0123456789") == std::string::npos)) &&
        (text.substr(0, point).find_first_not_of('0') != std::string::npos ||
         fraction.substr(0, 3).find_first_not_of('0') != std::string::npos);
    demand(is_read("--timeout") == is_timeout, "a time", text);
    const std::size_t slash = std::min(text.find('/'), text.size());
    const std::string total = text.substr(std::min(slash + 1, text.size()));
    const std::string index = text.substr(0, slash);
    const bool is_shard = is_number(index, 0, UINT32_MAX) && is_number(total, 1, UINT32_MAX) &&
                          std::stoull(index) < std::stoull(total);
    demand(is_read("--shard") == is_shard, "a shard", text);
}

void check_variables(const std::map<std::string, std::string>& all) {
    const workers::environment variables(all);
    for (const suites::known_variable& each : suites::known_variables) {
        if (all.count(std::string(each.name)) > 0) {
            if (const auto checked = each.check(variables); !checked) {
                check_error(checked.error());
            }
        }
    }
    for (const auto& [name, value] : suites::relevant_variables(all)) {
        demand(suites::is_read(name) || !suites::is_read(suites::similar_variable(name)) ||
                   suites::similar_variable(name) != name,
               "a variable that nobody reads is another one", name);
    }
    workers::surroundings around;
    around.variables = variables;
    const auto place = workers::detect_place(around);
    if (place && place->slot) {
        demand(!place->name_of(*place->slot).empty(), "a worker has a name");
    }
    static_cast<void>(workers::detect_foreign_place(around));
    const auto shard = workers::detect_shard(variables);
    demand(!shard || shard->index < shard->total, "a shard is one of all");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const store::tests::scratch_directory scratch;
    const std::string text(reinterpret_cast<const char*>(data), size);
    const input given = input_of(text);
    const run::taken_options taken = check_arguments(given.arguments);
    if (const auto chosen = run::combine(taken, workers::environment(given.variables)); !chosen) {
        check_error(chosen.error());
    } else {
        demand(chosen->repeat >= 1 && chosen->workers.value_or(0) <= 256, "bounds are kept");
        demand(!chosen->for_debugger || !chosen->forks(), "a debugger sees one process");
    }
    check_variables(given.variables);
    for (const std::string& argument : given.arguments) {
        check_numbers(argument.substr(0, longest_number));
    }
    return 0;
}
