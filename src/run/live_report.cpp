#include "run/live_report.hpp"

#include "os/terminal.hpp"
#include "run/finished_case.hpp"
#include "text/colours.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace isolite::run {

using results::case_result;
using results::test_case;

using std::chrono::nanoseconds;

live_report::live_report(const std::vector<test_case>& cases, std::shared_ptr<run_files> files,
                         const std::vector<worker>& places, std::vector<nanoseconds> expected,
                         const std::vector<case_result>& results)
    : cases_(cases), files_(std::move(files)), expected_(std::move(expected)), results_(results),
      output_(*files_, places), read_(places.size()), told_(cases.size()) {
    for (const worker& place : places) {
        names_.push_back(place.name);
    }
}

void live_report::begin(const std::vector<std::size_t>& order, std::size_t workers,
                        std::string name, bool is_retry) {
    order_ = order;
    workers_ = workers;
    round_ = std::move(name);
    is_retry_ = is_retry;
    said_.assign(cases_.size(), false);
    failed_.clear();
}

void live_report::begin_worker(std::size_t number) {
    progress_.clear();
    read_[number] = 0;
}

/// Says which cases have failed, and in a retry also which have passed.
void live_report::say_ends() {
    const run_record& run = files_->records.of_run();
    if (!is_retry_ && run.failed.load() == failures_said_) {
        return;
    }
    for (const std::size_t position : order_) {
        const case_record& record = files_->records.of_case(position);
        const progress_of_case progress = record.progress.load();
        const bool is_news = progress == progress_of_case::failed ||
                             (is_retry_ && progress == progress_of_case::passed);
        if (is_news && !said_[position]) {
            said_[position] = true;
            failures_said_ += progress == progress_of_case::failed ? 1 : 0;
            say_end(position, record.owner.load() - 1);
        }
    }
}

/// Finds what a worker has told of cases that failed. Its journal may grow meanwhile.
void live_report::read_journal(std::size_t number) {
    read_[number] = files_->journals[number].visit_from(
        read_[number], [this](std::uint8_t kind, std::string_view value) {
            if (kind == case_finished) {
                auto told = text::unpacked<finished_case_entry>(std::string(value));
                if (told.attempt.verdict == results::verdict::failed) {
                    failed_[told.position] = std::move(told.attempt);
                }
            }
        });
}

void live_report::say_end(std::size_t position, std::size_t number) {
    const bool has_failed =
        files_->records.of_case(position).progress.load() == progress_of_case::failed;
    const std::string name = text::printable(cases_[position].name);
    const auto painted = [](const char* word, text::colour colour) {
        return os::has_colours_on_stderr() ? text::coloured(word, colour) : word;
    };
    std::string said = "isolite: " +
                       (has_failed ? painted("failed", text::colour::red)
                                   : painted("passed", text::colour::green)) +
                       ": " + name + " (" + names_[number] + (round_.empty() ? "" : ", " + round_) +
                       ")";
    if (has_failed && files_->shows.failures) {
        read_journal(number);
        const auto found = failed_.find(position);
        const case_result& result = found == failed_.end() ? results_[position] : found->second;
        said += "\n" + text::indented(result.why, 2);
        if (!result.output.empty() && !files_->shows.output) {
            said += "isolite: output of " + name + ":\n" + result.output;
        }
        told_[position] = true;
    }
    progress_.show(said + (said.back() == '\n' ? "" : "\n"));
}

void live_report::update(const std::vector<bool>& alive) {
    if (files_->shows.nothing) {
        return;
    }
    for (const std::string& line : output_.news()) {
        progress_.show(line);
    }
    say_ends();
    const nanoseconds now = clock::now().time_since_epoch();
    if (files_->records.of_run().stopped.load() && !stopped_at_) {
        stopped_at_ = now;
    }
    std::vector<std::string> endless;
    snapshot shown;
    shown.round = round_;
    shown.total = order_.size();
    shown.elapsed = clock::now() - begun_;
    for (const std::size_t position : order_) {
        const progress_of_case progress = files_->records.of_case(position).progress.load();
        shown.done += progress > progress_of_case::running ? 1 : 0;
        shown.failed += progress == progress_of_case::failed ? 1 : 0;
    }
    for (std::size_t number = 0; number < alive.size(); ++number) {
        const worker_record& record = files_->records.of_worker(number);
        const std::uint64_t running = record.running.load();
        if (alive[number] && running != 0) {
            shown.running.push_back({names_[number], cases_[running - 1].name,
                                     now - nanoseconds(record.since.load()),
                                     expected_[running - 1]});
            if (files_->limits[running - 1].count() == 0) {
                endless.push_back(text::printable(cases_[running - 1].name) + " (" +
                                  names_[number] + ")");
            }
        }
    }
    say_waiting(endless, now);
    shown.left = time_left();
    progress_.update(shown);
}

/// Names what a run that begins no further case waits for, once: it may wait for ever.
void live_report::say_waiting(const std::vector<std::string>& endless, nanoseconds now) {
    constexpr std::chrono::seconds patience(2); // most cases end by themselves
    constexpr std::size_t most_named = 3;
    if (endless.empty() || has_said_waiting_ || !stopped_at_ || now - *stopped_at_ < patience) {
        return;
    }
    has_said_waiting_ = true;
    progress_.show(
        std::string("isolite: ") +
        "no further case is begun (--maxfail); still running without a limit of time: " +
        text::listed(endless, most_named) +
        "\n  hint: --timeout=30 ends a case that takes longer than 30 s, Ctrl-C ends the run\n");
}

void live_report::clear() {
    for (const std::string& line : output_.rest()) {
        progress_.show(line);
    }
    progress_.clear();
}

void live_report::mark_told(results::outcome& outcome) const {
    for (std::size_t position = 0; position < told_.size(); ++position) {
        outcome.results[position].is_told = told_[position];
    }
}

/// Guesses how long the round still takes; nothing while there is nothing to go by.
std::optional<nanoseconds> live_report::time_left() const {
    nanoseconds left{0};
    for (const std::size_t position : order_) {
        if (files_->records.of_case(position).progress.load() <= progress_of_case::running) {
            if (expected_[position].count() == 0) {
                return std::nullopt;
            }
            left += expected_[position];
        }
    }
    return left / static_cast<nanoseconds::rep>(std::max<std::size_t>(workers_, 1));
}

} // namespace isolite::run
