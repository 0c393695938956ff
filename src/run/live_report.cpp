#include "run/live_report.hpp"

#include <algorithm>
#include <utility>

namespace isolite::run {

using results::test_case;

using std::chrono::nanoseconds;

live_report::live_report(const std::vector<test_case>& cases, std::shared_ptr<run_files> files,
                         const std::vector<worker>& places, std::vector<nanoseconds> expected)
    : cases_(cases), files_(std::move(files)), expected_(std::move(expected)) {
    for (const worker& place : places) {
        names_.push_back(place.name);
    }
}

void live_report::begin(const std::vector<std::size_t>& order, std::size_t workers) {
    order_ = order;
    workers_ = workers;
    said_.assign(cases_.size(), false);
}

void live_report::say_failures() {
    const run_record& run = files_->records.of_run();
    if (run.failed.load() == failures_said_) {
        return;
    }
    for (const std::size_t position : order_) {
        const case_record& record = files_->records.of_case(position);
        if (record.progress.load() == progress_of_case::failed && !said_[position]) {
            said_[position] = true;
            ++failures_said_;
            const std::uint32_t owner = record.owner.load();
            progress_.say("isolite: failed: " + cases_[position].name + " (" + names_[owner - 1] +
                          ")");
        }
    }
}

void live_report::update(const std::vector<bool>& alive) {
    say_failures();
    const nanoseconds now = clock::now().time_since_epoch();
    snapshot shown;
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
            shown.running.push_back(
                {names_[number], cases_[running - 1].name, now - nanoseconds(record.since.load())});
        }
    }
    shown.left = time_left();
    progress_.update(shown);
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
