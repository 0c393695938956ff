#include "results/history_text.hpp"

#include "os/whole_file.hpp"
#include "text/numbers.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <tuple>

namespace isolite::results {

namespace {

using std::chrono::nanoseconds;

constexpr std::string_view empty_history = "isolite history 1\n";
constexpr std::string_view first_line = empty_history.substr(0, empty_history.size() - 1);
const char* const cut_off = "it is cut off";
constexpr nanoseconds longest_duration = std::chrono::hours(24);

/// What would end a column or a line, and what stands for it behind a backslash.
constexpr std::string_view escaped_characters("\\\t\n\r\0", 5);
constexpr std::string_view escape_letters = "\\tnr0";

bool is_escaped(char c) {
    return c == '\\' || (c <= '\r' && escaped_characters.find(c) != std::string_view::npos);
}

std::string escaped(std::string_view name) {
    std::string text;
    for (;;) {
        const auto* const plain = std::find_if(name.begin(), name.end(), is_escaped);
        text.append(name.begin(), plain);
        if (plain == name.end()) {
            return text;
        }
        text += {'\\', escape_letters[escaped_characters.find(*plain)]};
        name.remove_prefix(static_cast<std::size_t>(plain - name.begin()) + 1);
    }
}

std::optional<std::string> unescaped(std::string_view text) {
    std::string name;
    for (;;) {
        const std::size_t plain = std::min(text.find('\\'), text.size());
        name += text.substr(0, plain);
        if (plain == text.size()) {
            return name;
        }
        const std::size_t found =
            plain + 1 < text.size() ? escape_letters.find(text[plain + 1]) : std::string_view::npos;
        if (found == std::string_view::npos) {
            return std::nullopt;
        }
        name += escaped_characters[found];
        text.remove_prefix(plain + 2);
    }
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
    found.reserve(most_kept_durations);
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

/// The columns of a line: program, case, verdict, when that was, durations.
using columns = std::array<std::string_view, 5>;

std::string in_line(std::size_t number, const std::string& wrong) {
    return "line " + std::to_string(number) + ": " + wrong;
}

/// Divides a text. Errors: those of `histories_in` that are no matter of one column.
tl::expected<std::vector<columns>, std::string> lines_in(std::string_view text) {
    const bool is_cut = !text.empty() && text.back() != '\n';
    const std::string_view head = take_until('\n', text);
    if (is_cut && text.empty() && first_line.substr(0, head.size()) == head) {
        return tl::unexpected(in_line(1, cut_off));
    }
    if (head != first_line) {
        return tl::unexpected("its first line is not \"" + std::string(first_line) + "\"");
    }
    std::vector<columns> lines;
    while (!text.empty()) {
        const std::string_view line = take_until('\n', text);
        columns told;
        std::string_view rest = line;
        for (std::size_t i = 0; i + 1 < told.size(); ++i) {
            told[i] = take_until('\t', rest);
        }
        told.back() = rest;
        lines.push_back(told);
        if (is_cut && text.empty()) {
            return tl::unexpected(in_line(lines.size() + 1, cut_off));
        }
        const auto tabs = static_cast<std::size_t>(std::count(line.begin(), line.end(), '\t'));
        if (tabs + 1 != told.size()) {
            return tl::unexpected(in_line(lines.size() + 1, "it has " + std::to_string(tabs + 1) +
                                                                " columns, not 5"));
        }
    }
    return lines;
}

/// Adds what a line says. Returns what is wrong with it, or "".
std::string add_line(const columns& line, program_histories& all) {
    const auto& [written_program, written_name, verdict, last_run, measured] = line;
    const auto program = unescaped(written_program);
    auto name = unescaped(written_name);
    if (!program || program->empty() || !name) {
        return "it names no program, or has a backslash before another letter than t, n, r or 0";
    }
    if (verdict != "passed" && verdict != "failed") {
        return "its third column is neither passed nor failed";
    }
    const auto when = text::number_in<std::int64_t>(last_run);
    if (!when || *when < 0) {
        return "its fourth column is no time in seconds";
    }
    auto durations = durations_of(measured);
    if (!durations) {
        return "its last column is not 1 to 10 durations in nanoseconds, of a day at most, with a "
               "space between them";
    }
    kept_cases& cases = all[*program];
    const std::size_t before = cases.size();
    cases.emplace_hint(cases.end(), *std::move(name),
                       kept_case{*std::move(durations), verdict == "failed", *when});
    return cases.size() > before ? "" : "it tells of a case that was told of before";
}

/// What a run says of each case, by its name as it stands in a line.
using finished_cases = std::map<std::string, past_case, std::less<>>;

finished_cases cases_of(const std::vector<finished_case>& run) {
    finished_cases cases;
    for (const finished_case& finished : run) {
        past_case& last = cases[escaped(finished.name)];
        last.duration = std::max(last.duration, std::min(finished.duration, longest_duration));
        last.failed = last.failed || finished.failed;
    }
    return cases;
}

/// Leaves out the lines of cases that were not run for longest, as many as are too many beside
/// those that were run now: these stay, whatever the clock said at other times.
void leave_out_oldest(std::vector<columns>& lines, const finished_cases& run) {
    const auto first = std::stable_partition(
        lines.begin(), lines.end(), [&](const columns& line) { return run.count(line[1]) > 0; });
    const auto others = static_cast<std::size_t>(lines.end() - first);
    const std::size_t room = most_kept_cases - std::min(run.size(), most_kept_cases);
    if (others > room) {
        std::stable_sort(first, lines.end(), [](const columns& one, const columns& other) {
            const auto when = [](const columns& line) {
                return text::number_in<std::int64_t>(line[3]).value_or(0);
            };
            return when(one) > when(other);
        });
        lines.erase(first + static_cast<std::ptrdiff_t>(room), lines.end());
    }
}

/// Writes a case that was run now, and the durations of the times before.
void write_line(std::string& text, const std::string& program,
                const finished_cases::value_type& now, const std::string& when,
                std::string_view before) {
    text.append(program).append("\t").append(now.first);
    text.append(now.second.failed ? "\tfailed\t" : "\tpassed\t").append(when);
    text.append("\t").append(std::to_string(now.second.duration.count()));
    for (std::size_t i = 1; i < most_kept_durations && !before.empty(); ++i) {
        text.append(" ").append(take_until(' ', before));
    }
    text += '\n';
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
    std::string text(empty_history);
    for (const auto& [program, cases] : all) {
        const std::string first_column = escaped(program) + '\t';
        for (const auto& [name, kept] : cases) {
            text.append(first_column).append(escaped(name));
            text.append(kept.failed ? "\tfailed\t" : "\tpassed\t");
            text.append(std::to_string(kept.last_run));
            char separator = '\t';
            for (const nanoseconds each : kept.durations) {
                text += separator;
                text += std::to_string(std::min(each, longest_duration).count());
                separator = ' ';
            }
            text += '\n';
        }
    }
    return text;
}

tl::expected<program_histories, std::string> histories_in(std::string_view text) {
    return lines_in(text).and_then(
        [](const std::vector<columns>& lines) -> tl::expected<program_histories, std::string> {
            program_histories all;
            for (std::size_t i = 0; i < lines.size(); ++i) {
                if (const std::string wrong = add_line(lines[i], all); !wrong.empty()) {
                    return tl::unexpected(in_line(i + 2, wrong));
                }
            }
            return all;
        });
}

tl::expected<std::string, std::string> with_run(std::string_view text, const std::string& program,
                                                const std::vector<finished_case>& run,
                                                std::int64_t now) {
    auto lines = lines_in(text.empty() ? empty_history : text);
    if (!lines) {
        return tl::unexpected(lines.error());
    }
    const std::string when = std::to_string(now);
    const std::string first_column = escaped(program);
    finished_cases finished = cases_of(run);
    if (lines->size() + finished.size() > most_kept_cases) {
        leave_out_oldest(*lines, finished);
    }
    std::string all(empty_history);
    for (const columns& line : *lines) {
        if (const auto found = finished.find(line[1]); found != finished.end()) {
            write_line(all, first_column, *found, when, line.back());
            finished.erase(found);
        } else {
            all.append(line.front().data(), line.back().data() + line.back().size()) += '\n';
        }
    }
    std::size_t room = most_kept_cases - std::min(lines->size(), most_kept_cases);
    for (const auto& each : finished) {
        if (room-- == 0) {
            break;
        }
        write_line(all, first_column, each, when, "");
    }
    return all;
}

bool tells_of_failures(std::string_view text) {
    while (!text.empty()) {
        std::string_view line = take_until('\n', text);
        take_until('\t', line);
        take_until('\t', line);
        if (take_until('\t', line) == "failed") {
            return true;
        }
    }
    return false;
}

result<program_histories> read_histories(const std::string& file) {
    const auto refused = [&](const std::string& why, const std::string& hint) {
        return tl::unexpected(error{errc::system, "read the history '" + file + "': " + why, hint});
    };
    const auto text = os::read_whole_file(file);
    if (!text) {
        return refused(std::strerror(text.error()),
                       "name a file that `isolite history export` or `merge` has written; "
                       "`isolite history merge FILE` writes an empty one");
    }
    auto all = histories_in(*text);
    if (!all) {
        return refused(all.error(),
                       "export it anew with `isolite history export`, or remove what is wrong");
    }
    return *std::move(all);
}

} // namespace isolite::results
