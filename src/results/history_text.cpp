#include "results/history_text.hpp"

#include "os/descriptor.hpp"
#include "text/numbers.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <tuple>

namespace isolite::results {

namespace {

using std::chrono::nanoseconds;

constexpr std::string_view first_line = "isolite history 1";
const char* const cut_off = "it is cut off";
constexpr nanoseconds longest_duration = std::chrono::hours(24);

/// What would end a column or a line, and what stands for it behind a backslash.
constexpr std::array<std::pair<char, char>, 5> escapes = {
    {{'\\', '\\'}, {'\t', 't'}, {'\n', 'n'}, {'\r', 'r'}, {'\0', '0'}}};

std::string escaped_name(std::string_view name) {
    std::string text;
    for (const char c : name) {
        const auto* const found = std::find_if(escapes.begin(), escapes.end(),
                                               [&](const auto& each) { return each.first == c; });
        if (found == escapes.end()) {
            text += c;
        } else {
            text += {'\\', found->second};
        }
    }
    return text;
}

std::optional<std::string> unescaped(std::string_view text) {
    std::string name;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\') {
            name += text[at];
            continue;
        }
        const char letter = ++at < text.size() ? text[at] : '\n';
        const auto* const found =
            std::find_if(escapes.begin(), escapes.end(),
                         [&](const auto& each) { return each.second == letter; });
        if (found == escapes.end()) {
            return std::nullopt;
        }
        name += found->first;
    }
    return name;
}

/// Takes what stands before the next `separator` off a text, or all of it.
std::string_view take_until(char separator, std::string_view& text) {
    const std::size_t end = std::min(text.find(separator), text.size());
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return taken;
}

/// Returns nothing for a text that is none of numbers with a space between them.
std::optional<std::vector<nanoseconds>> durations_of(std::string_view text) {
    std::vector<nanoseconds> found;
    if (text.empty() || text.back() == ' ') {
        return std::nullopt;
    }
    while (!text.empty()) {
        const auto number = text::number_in<nanoseconds::rep>(take_until(' ', text));
        if (!number || *number < 0 || *number > longest_duration.count() ||
            found.size() == most_kept_durations) {
            return std::nullopt;
        }
        found.emplace_back(*number);
    }
    return found;
}

/// Adds what a line says. Returns what is wrong with it, or "".
std::string add_line(std::string_view line, program_histories& all) {
    constexpr std::ptrdiff_t tabs = 4;
    const std::ptrdiff_t found = std::count(line.begin(), line.end(), '\t');
    if (found != tabs) {
        return "it has " + std::to_string(found + 1) + " columns, not 5";
    }
    const auto program = unescaped(take_until('\t', line));
    const auto name = unescaped(take_until('\t', line));
    if (!program || program->empty() || !name) {
        return "it names no program, or has a backslash before another letter than t, n, r or 0";
    }
    const std::string_view verdict = take_until('\t', line);
    if (verdict != "passed" && verdict != "failed") {
        return "its third column is neither passed nor failed";
    }
    const auto last_run = text::number_in<std::int64_t>(take_until('\t', line));
    if (!last_run || *last_run < 0) {
        return "its fourth column is no time in seconds";
    }
    auto durations = durations_of(line);
    if (!durations) {
        return "its last column is not 1 to 10 durations in nanoseconds, of a day at most, with a "
               "space between them";
    }
    if (!all[*program]
             .emplace(*name, kept_case{*std::move(durations), verdict == "failed", *last_run})
             .second) {
        return "it tells of a case that was told of before";
    }
    return "";
}

error malformed_history(const std::string& file, const std::string& why) {
    return {errc::system, "read the history '" + file + "': " + why,
            "export it anew with `isolite history export`, or remove what is wrong"};
}

error malformed_line(const std::string& file, std::size_t number, const std::string& why) {
    return malformed_history(file, "line " + std::to_string(number) + ": " + why);
}

/// Returns what was measured at two times, of which one may begin with what the other one has.
std::vector<nanoseconds> with_earlier(const std::vector<nanoseconds>& later,
                                      const std::vector<nanoseconds>& earlier) {
    std::size_t own = 0; // durations that the earlier one lacks
    const auto continues = [&] {
        const std::size_t common = std::min(later.size() - own, earlier.size());
        return std::equal(later.begin() + static_cast<std::ptrdiff_t>(own),
                          later.begin() + static_cast<std::ptrdiff_t>(own + common),
                          earlier.begin());
    };
    while (!continues()) {
        ++own;
    }
    std::vector<nanoseconds> all = later;
    for (std::size_t i = later.size() - own; i < earlier.size(); ++i) {
        all.push_back(earlier[i]);
    }
    all.resize(std::min(all.size(), most_kept_durations));
    return all;
}

/// Makes one of what several files tell of a case. Of one second the file that tells of more runs
/// is the later one; of as many, that of a failure.
kept_case one_of(std::vector<const kept_case*> told) {
    const auto age = [](const kept_case* of) {
        return std::make_tuple(of->last_run, of->durations.size(), of->failed,
                               std::cref(of->durations));
    };
    std::sort(told.begin(), told.end(),
              [&](const kept_case* one, const kept_case* other) { return age(other) < age(one); });
    kept_case all = *told.front();
    for (const kept_case* const each : told) {
        all.durations = with_earlier(all.durations, each->durations);
    }
    return all;
}

/// Leaves out the cases beyond the bound that were not run for longest.
void leave_out_oldest(kept_cases& cases) {
    if (cases.size() <= most_kept_cases) {
        return;
    }
    std::vector<std::pair<std::int64_t, std::string>> by_age;
    for (const auto& [name, kept] : cases) {
        by_age.emplace_back(-kept.last_run, name);
    }
    std::sort(by_age.begin(), by_age.end());
    for (std::size_t i = most_kept_cases; i < by_age.size(); ++i) {
        cases.erase(by_age[i].second);
    }
}

} // namespace

program_histories merged(const std::vector<program_histories>& all) {
    std::map<std::string, std::map<std::string, std::vector<const kept_case*>>> told;
    for (const program_histories& file : all) {
        for (const auto& [program, cases] : file) {
            for (const auto& [name, kept] : cases) {
                told[program][name].push_back(&kept);
            }
        }
    }
    program_histories one;
    for (auto& [program, cases] : told) {
        for (auto& [name, several] : cases) {
            one[program].emplace(name, one_of(std::move(several)));
        }
        leave_out_oldest(one[program]);
    }
    return one;
}

std::string history_text(const program_histories& all) {
    std::string text(first_line);
    text += '\n';
    for (const auto& [program, cases] : all) {
        for (const auto& [name, kept] : cases) {
            text += escaped_name(program) + '\t' + escaped_name(name) + '\t' +
                    (kept.failed ? "failed" : "passed") + '\t' + std::to_string(kept.last_run);
            char separator = '\t';
            for (const nanoseconds each : kept.durations) {
                text += separator + std::to_string(std::min(each, longest_duration).count());
                separator = ' ';
            }
            text += '\n';
        }
    }
    return text;
}

result<program_histories> histories_in(std::string_view text, const std::string& file) {
    const bool is_cut = !text.empty() && text.back() != '\n';
    const std::string_view head = take_until('\n', text);
    if (is_cut && text.empty() && first_line.substr(0, head.size()) == head) {
        return tl::unexpected(malformed_line(file, 1, cut_off));
    }
    if (head != first_line) {
        return tl::unexpected(
            malformed_history(file, "its first line is not \"" + std::string(first_line) + "\""));
    }
    program_histories all;
    for (std::size_t number = 2; !text.empty(); ++number) {
        const std::string_view line = take_until('\n', text);
        const std::string wrong = is_cut && text.empty() ? cut_off : add_line(line, all);
        if (!wrong.empty()) {
            return tl::unexpected(malformed_line(file, number, wrong));
        }
    }
    return all;
}

result<program_histories> read_histories(const std::string& file) {
    const auto opened = os::descriptor::open(file, os::descriptor::opening::read);
    const auto facts = opened ? opened.facts() : std::nullopt;
    if (!facts || facts->is_directory()) {
        const int cause = facts ? EISDIR : errno;
        return tl::unexpected(
            error{errc::system, "read the history '" + file + "': " + std::strerror(cause),
                  "name a file that `isolite history export` or `merge` has written; `isolite "
                  "history merge FILE` writes an empty one"});
    }
    return histories_in(opened.read_at(0, facts->bytes), file);
}

} // namespace isolite::results
