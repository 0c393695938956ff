#include "../store/scratch_directory.hpp"
#include "demand.hpp"
#include "run/command_line.hpp"
#include "run/option_rules.hpp"
#include "suites/variables.hpp"
#include "worker/detection.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
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

/// Returns what digits say, where that is no more than `most`.
std::optional<std::uint64_t> number_in(const std::string& text, std::uint64_t most) {
    std::uint64_t number = 0;
    for (const char c : text) {
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (c < '0' || c > '9' || number > (most - digit) / 10) {
            return std::nullopt;
        }
        number = 10 * number + digit;
    }
    return text.empty() ? std::nullopt : std::optional(number);
}

/// Returns the milliseconds of a number of seconds, which is not 0.
std::optional<std::uint64_t> milliseconds_in(const std::string& text) {
    const std::size_t point = std::min(text.find('.'), text.size());
    const std::string fraction = point < text.size() ? text.substr(point + 1) : "0";
    const auto seconds = number_in(text.substr(0, point), UINT32_MAX);
    if (!seconds || fraction.empty() ||
        fraction.find_first_not_of("0123456789") != std::string::npos) {
        return std::nullopt;
    }
    std::uint64_t all = *seconds;
    for (std::size_t i = 0; i < 3; ++i) {
        all = 10 * all + (i < fraction.size() ? static_cast<std::uint64_t>(fraction[i] - '0') : 0);
    }
    return all > 0 ? std::optional(all) : std::nullopt;
}

std::optional<std::uint64_t> small_number_in(const std::string& text) {
    return number_in(text, UINT32_MAX);
}

std::optional<std::uint64_t> positive_number_in(const std::string& text) {
    const auto number = small_number_in(text);
    return number != 0U ? number : std::nullopt;
}

/// An option whose value is a number: what it must be, and what was taken.
struct number_option {
    const char* name;
    const char* variable; ///< that has the same value, "" for none
    std::optional<std::uint64_t> (*expected)(const std::string& text);
    std::uint64_t (*taken)(const run::options& from);
};

const std::array<number_option, 8> number_options = {{
    {"--workers", "ISOLITE_WORKERS", [](const std::string& text) { return number_in(text, 256); },
     [](const run::options& from) -> std::uint64_t { return from.workers.value_or(UINT32_MAX); }},
    {"--timeout", "ISOLITE_TIMEOUT", milliseconds_in,
     [](const run::options& from) { return static_cast<std::uint64_t>(from.timeout.count()); }},
    {"--budget", "ISOLITE_BUDGET",
     [](const std::string& text) {
         const bool has_unit = !text.empty() && text.back() == 's';
         return milliseconds_in(has_unit ? text.substr(0, text.size() - 1) : text);
     },
     [](const run::options& from) { return static_cast<std::uint64_t>(from.budget.count()); }},
    {"--retries", "", small_number_in,
     [](const run::options& from) -> std::uint64_t { return from.retries; }},
    {"--maxfail", "", small_number_in,
     [](const run::options& from) -> std::uint64_t { return from.max_failures; }},
    {"--durations", "", small_number_in,
     [](const run::options& from) -> std::uint64_t { return from.reports.durations.value_or(0); }},
    {"--repeat", "", positive_number_in,
     [](const run::options& from) -> std::uint64_t { return from.repeat; }},
    {"--shuffle", "", [](const std::string& text) { return number_in(text, UINT64_MAX); },
     [](const run::options& from) { return from.shuffle.value_or(0); }},
}};

/// Returns what an option with a value chooses, nothing where it is refused.
std::optional<run::taken_options> taken_with(const std::string& name, const std::string& value) {
    std::vector<std::string> words{"a/program", name + "=" + value};
    command_line line(words);
    const auto taken = run::take_from(line.argc, line.argv.data());
    return taken ? std::optional(*taken) : std::nullopt;
}

void check_number(const number_option& option, const std::string& text) {
    const auto expected = option.expected(text);
    const auto taken = taken_with(option.name, text);
    demand(taken.has_value() == expected.has_value(), option.name, text);
    demand(!taken || option.taken(taken->values) == *expected, option.name, text);
    if (*option.variable != '\0' && !text.empty()) {
        const workers::environment variables(
            std::map<std::string, std::string>{{option.variable, text}});
        const auto chosen = run::combine({}, variables);
        demand(chosen.has_value() == expected.has_value(), option.variable, text);
        demand(!chosen || option.taken(*chosen) == *expected, option.variable, text);
        const auto both = run::combine(*taken_with(option.name, "7"), variables);
        const std::uint64_t seven =
            option.expected == milliseconds_in ? 7000 : *option.expected("7");
        demand(!both || option.taken(*both) == seven, "an option wins", option.variable);
    }
}

void check_values(const std::string& text) {
    for (const number_option& each : number_options) {
        const bool has_words = text.empty() || text == "auto"; // a seed by chance, and a choice
        if (!has_words || each.expected == milliseconds_in) {
            check_number(each, text);
        }
    }
    for (const char* const name :
         {"--junit", "--report", "--history", "--verify-json", "--in-order"}) {
        demand(taken_with(name, text).has_value() != text.empty(), name, text);
    }
    const bool has_empty_part = (":" + text + ":").find("::") != std::string::npos;
    demand(taken_with("--files", text).has_value() != has_empty_part, "patterns", text);
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto index = small_number_in(text.substr(0, slash));
    const auto total = positive_number_in(text.substr(std::min(slash + 1, text.size())));
    const auto shard = taken_with("--shard", text);
    demand(shard.has_value() == (index && total && *index < *total), "a shard", text);
    demand(!shard || (shard->values.shard->index == *index && shard->values.shard->total == *total),
           "a shard", text);
}

/// Looks at numbers where limits are, which are powers of two: alone, with a fraction, and two. The
/// sum of all bytes says which, so that each input has another one.
void check_limits(const std::uint8_t* data, std::size_t size) {
    const auto byte = [&](std::size_t at) { return std::uint64_t(at < size ? data[at] : 0); };
    const std::uint64_t sum = std::accumulate(data, data + size, std::uint64_t(0));
    const std::uint64_t power = std::uint64_t(1) << sum % 64;
    for (const std::uint64_t number : {power - 1, power, power + 1}) {
        for (const number_option& each : number_options) {
            check_number(each, std::to_string(number));
        }
    }
    const std::string number = std::to_string(power + byte(1) % 3 - 1);
    const std::string other = std::to_string(power + byte(2) % 3 - 1);
    const std::string fraction = std::to_string(1000 + byte(3)).substr(byte(1) % 4);
    check_values(number + (byte(2) % 2 == 0 ? "." + fraction : "/" + other));
    check_values("0." + fraction);
}

constexpr std::size_t longest_number = 25;

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
        check_values(argument.substr(0, longest_number));
    }
    check_limits(data, size);
    return 0;
}
