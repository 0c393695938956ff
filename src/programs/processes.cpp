#include "programs/processes.hpp"

#include "os/child_processes.hpp"
#include "os/files.hpp"
#include "run/death.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib> // what a status says
#include <utility>

namespace isolite::programs {

using results::verdict;
using std::chrono::milliseconds;

processes::processes(const test_program& program, const std::vector<listed_case>& cases,
                     const time_limits& limits, std::string place)
    : program_(program), cases_(cases), limits_(limits), place_(std::move(place)) {
    for (std::size_t position = 0; position < cases.size(); ++position) {
        positions_.emplace(cases[position].selector, position);
    }
}

result<verify::experiment> processes::run(const std::vector<std::vector<std::size_t>>& parts,
                                          std::optional<unsigned> seed) {
    became_.clear();
    std::vector<part> all;
    for (const auto& positions : parts) {
        part one;
        one.left = positions;
        const std::string name = place_ + "/" + std::to_string(all.size());
        one.files = {name + ".txt", name + ".xml", name + ".log", name + ".sel"};
        all.push_back(std::move(one));
    }
    note_request(watch_.take_pending());
    result<void> failed = start_all(all, seed);
    watch_over(all, seed, failed);
    if (!failed) {
        return tl::unexpected(failed.error());
    }
    verify::experiment done;
    done.workers = static_cast<unsigned>(parts.size());
    for (const part& one : all) {
        for (const std::size_t each : one.begins) {
            done.begins.push_back(done.order.size() + each);
        }
        done.order.insert(done.order.end(), one.sequence.begin(), one.sequence.end());
    }
    done.became = became_;
    return done;
}

void processes::watch_over(std::vector<part>& parts, std::optional<unsigned> seed,
                           result<void>& failed) {
    const auto is_running = [](const part& one) { return one.process != 0; };
    while (std::any_of(parts.begin(), parts.end(), is_running)) {
        if (!failed || interrupted_by_ != 0) {
            for (part& one : parts) {
                if (is_running(one)) {
                    os::kill_process(one.process);
                    static_cast<void>(os::await_end_of_group(one.process));
                    one.process = 0;
                }
            }
            return;
        }
        note_request(watch_.wait(between_looks()));
        for (part& one : parts) {
            if (!is_running(one)) {
                continue;
            }
            if (!os::has_ended(one.process)) {
                look_at_time(one);
            } else if (finish(one, seed) && failed) {
                failed = start(one, seed);
            }
        }
    }
}

void processes::note_request(std::optional<int> signal) {
    if (signal && *signal != SIGCHLD) {
        interrupted_by_ = *signal;
        watch_.keep_requests(); // who asks twice, as `timeout` does, is to get the report, too
    }
}

/// Returns the program with what lets it run what is left of a part.
result<test_program> processes::selecting(const part& one, std::optional<unsigned> seed) const {
    std::vector<std::string> selectors;
    for (const std::size_t position : one.left) {
        selectors.push_back(cases_[position].selector);
    }
    const bool runs_all = one.left.size() == cases_.size() && unlisted_.empty();
    test_program selecting{runs_all ? program_.with(program_.of->to_order(seed))
                                    : program_.running(selectors, seed, one.files.selected),
                           program_.of};
    const auto is_too_long = [](const std::string& word) { return word.size() > longest_word; };
    if (std::any_of(selecting.words.begin(), selecting.words.end(), is_too_long)) {
        return tl::unexpected(
            error{errc::environment,
                  "verify " + text::printable(program_.words.front()) + ": the names of " +
                      text::counted(selectors.size(), "case") + " are too long for an argument",
                  "verify parts of the program: give it a filter of its framework"});
    }
    return selecting;
}

/// Returns how a process is started that runs it.
result<os::program_to_start> processes::prepare(part& one, std::optional<unsigned> seed) const {
    for (const std::string& file : {one.files.printed, one.files.report, one.files.log}) {
        os::remove_file(file);
    }
    return selecting(one, seed).map([&](const test_program& program) {
        one.begins.push_back(one.sequence.size());
        one.current.clear();
        one.begun = clock::now();
        one.since = one.begun;
        return os::program_to_start{program.with(program_.of->to_report(one.files)),
                                    one.files.printed, variables_};
    });
}

result<void> processes::start(part& one, std::optional<unsigned> seed) const {
    return prepare(one, seed)
        .and_then([](const os::program_to_start& program) { return os::start_program(program); })
        .map([&](pid_t process) { one.process = process; });
}

/// Starts several at the same moment: what they do is to overlap, although it may be brief.
result<void> processes::start_all(std::vector<part>& all, std::optional<unsigned> seed) const {
    if (all.size() == 1) {
        return start(all.front(), seed);
    }
    std::vector<os::program_to_start> programs;
    for (part& one : all) {
        auto program = prepare(one, seed);
        if (!program) {
            return tl::unexpected(program.error());
        }
        programs.push_back(*std::move(program));
    }
    return os::start_together(programs).map([&](const std::vector<pid_t>& started) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            all[i].process = started[i];
        }
    });
}

/// Returns how often it is looked whether a case takes too long.
milliseconds processes::between_looks() const {
    constexpr milliseconds least(50);
    constexpr milliseconds most(1000);
    const auto shortest = std::min_element(limits_.cases.begin(), limits_.cases.end());
    const bool has_limit = shortest != limits_.cases.end() && shortest->count() > 0;
    return has_limit ? std::clamp(*shortest / 4, least, most) : most;
}

/// Kills a process whose case takes too long: a report tells which one that is.
void processes::look_at_time(part& one) const {
    const auto now = clock::now();
    if (now - one.since < between_looks()) {
        return;
    }
    const std::vector<told_case> told = program_.of->told(one.files);
    const bool is_in_case = !told.empty() && !told.back().has_ended;
    const std::string current =
        told.empty() ? "" : told.back().selector + (is_in_case ? "" : " has ended");
    if (current != one.current) {
        one.current = current;
        one.since = now;
        return;
    }
    const auto position = is_in_case ? position_of(told.back().selector) : std::nullopt;
    const milliseconds limit = position ? limits_.cases[*position] : limits_.outside;
    if (limit.count() > 0 && now - one.since >= limit && !one.too_late) {
        one.too_late = limit;
        os::kill_process(one.process);
    }
}

/// Says how a process ended in a case.
std::string processes::death_in(const part& one, std::optional<unsigned> seed, int status) {
    const std::string crashing = program_.of->crashing_at_exit();
    const bool may_be_exit =
        !crashing.empty() && WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
    if (!may_be_exit) {
        return run::death_of_own_process(status);
    }
    if (const auto known = status_without_report(one, seed)) {
        return run::death_of_own_process(*known);
    }
    return run::death_of_own_process(status) + ", or called exit, at which " + crashing +
           " crashes";
}

/// Runs the same cases again without what crashes when one of them calls `exit`. Returns how the
/// process has ended in the middle of them; nothing if it came to their end, or took too long.
std::optional<int> processes::status_without_report(const part& one, std::optional<unsigned> seed) {
    const auto most = 2 * (clock::now() - one.begun) + std::chrono::seconds(1);
    os::remove_file(one.files.report);
    const auto started = selecting(one, seed).and_then([&](const test_program& program) {
        return os::start_program(
            {program.with(program_.of->to_survive_exit(one.files)), one.files.printed, variables_});
    });
    if (!started) {
        return std::nullopt;
    }
    const auto begun = clock::now();
    while (!os::has_ended(*started) && interrupted_by_ == 0 && clock::now() - begun < most) {
        note_request(watch_.wait(between_looks()));
    }
    const bool has_ended = os::has_ended(*started);
    os::kill_process(*started);
    const int status = os::await_end_of_group(*started);
    return has_ended && !program_.of->has_come_to_end(one.files) ? std::optional(status)
                                                                 : std::nullopt;
}

/// Takes what a process has told. Returns whether another one is to run the rest.
bool processes::finish(part& one, std::optional<unsigned> seed) {
    const int status = os::await_end_of_group(one.process);
    one.process = 0;
    last_end_ = run::end_of(status);
    std::vector<told_case> told = program_.of->told(one.files);
    if (!told.empty() && !told.back().has_ended) {
        told_case& last = told.back();
        last.verdict = verdict::failed;
        last.failures = 0;
        last.why = one.too_late ? run::lateness(*one.too_late) + ", and its process was killed"
                                : death_in(one, seed, status);
        last.timed_out = one.too_late.has_value();
        last.has_ended = true;
    }
    one.too_late.reset();
    const std::size_t before = one.left.size();
    for (const told_case& each : told) {
        if (const auto position = position_of(each.selector)) {
            note(each, *position, one);
        } else if (each.verdict == verdict::passed || each.verdict == verdict::failed) {
            unlisted_.insert(each.selector);
        }
    }
    return !one.left.empty() && one.left.size() < before;
}

/// Several cases of a name are one: it fails if one of them does.
void processes::note(const told_case& told, std::size_t position, part& one) {
    const bool is_expected =
        told.failures > 0 && told.failures <= cases_[position].expected_failures;
    const verdict became = is_expected ? verdict::passed : told.verdict;
    const auto [known, is_first] = became_.try_emplace(position);
    verify::observation& seen = known->second;
    if (is_first) {
        one.sequence.push_back(position);
        seen.verdict = became;
    } else if (became == verdict::failed || seen.verdict == verdict::not_run) {
        seen.verdict = became;
    }
    seen.duration += told.duration;
    seen.timed_out = seen.timed_out || told.timed_out;
    if (became == verdict::failed && seen.why.empty()) {
        seen.why = told.why;
    }
    one.left.erase(std::remove(one.left.begin(), one.left.end(), position), one.left.end());
}

std::optional<std::size_t> processes::position_of(const std::string& selector) const {
    const auto found = positions_.find(selector);
    return found == positions_.end() ? std::nullopt : std::optional(found->second);
}

} // namespace isolite::programs
