#include "run/case_book.hpp"

#include "run/death.hpp"
#include "run/finished_case.hpp"
#include "worker/coverage.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace isolite::run {

using results::case_result;
using results::event;
using results::outcome;
using results::test_case;
using results::verdict;

namespace {

using std::chrono::nanoseconds;

/// How many workers may die in the fixtures around the cases of a suite.
constexpr unsigned most_strikes = 2;

} // namespace

worker_end::worker_end(std::size_t number, int status, std::optional<kill_reason> killed,
                       const worker_record& record)
    : number(number), status(status), killed(std::move(killed)) {
    const bool has_died_in_case =
        this->killed && (this->killed->running != 0 || this->killed->interrupted);
    if (was_late_in_fixture()) {
        fixture = this->killed->fixture;
    } else if (!record.ended.load() && !has_died_in_case) {
        fixture = record.fixture.phase();
    }
}

std::string worker_end::cause() const {
    return killed ? killed->death : death_of(status);
}

std::string worker_end::death() const {
    return cause() + (fixture && !was_late_in_fixture() ? " during " + fixture->text() : "");
}

case_book::case_book(const std::vector<test_case>& cases, std::shared_ptr<run_files> files,
                     outcome& outcome)
    : cases_(cases), files_(std::move(files)), outcome_(outcome) {}

void case_book::begin_round(const std::vector<std::size_t>& order, bool retry) {
    order_ = order;
    retrying_ = retry;
    strikes_.clear();
}

void case_book::read_journal(std::size_t number, const std::string& worker) {
    std::vector<event> events;
    std::vector<event> outside;
    const bool is_whole = files_->journals[number].read([&](event entry) {
        if (entry.kind == case_finished) {
            finish_case(entry, number, std::exchange(events, {}));
        } else if (entry.kind == fixtures_told) {
            add(outcome_.costs, entry.as<std::vector<records::told_fixture>>(), {});
        } else if (entry.kind == coverage_counted) {
            workers::add_coverage(entry.value);
        } else if ((entry.kind & outside_of_cases) != 0) {
            entry.kind &= static_cast<std::uint8_t>(~outside_of_cases);
            outside.push_back(std::move(entry));
        } else {
            events.push_back(std::move(entry));
        }
    });
    trailing_ = std::move(events);
    outcome_.outside.push_back(std::move(outside));
    if (!is_whole) {
        outcome_.troubles.push_back("worker " + worker +
                                    " has written over its reports: what became of its last cases "
                                    "is not known\n");
    }
}

void case_book::finish_case(const event& entry, std::size_t number, std::vector<event> events) {
    auto [position, passes, attempt, fixtures] = entry.as<finished_case_entry>();
    add(outcome_.costs, fixtures, cases_[position].name);
    attempt.events = std::move(events);
    // Maybe its worker was killed before it could say so to all.
    if (files_->records.of_case(position).progress.load() == progress_of_case::running &&
        files_->records.of_run().passes.load() == passes) {
        count(position, number, attempt);
    }
    add_attempt(position, number, std::move(attempt));
}

bool case_book::blame(const worker_end& end) {
    const auto& killed = end.killed;
    bool explained = killed && killed->running != 0;
    const auto mark = static_cast<std::uint32_t>(end.number) + 1;
    std::vector<event> events = std::exchange(trailing_, {});
    for (const std::size_t position : order_) {
        case_record& unfinished = files_->records.of_case(position);
        if (unfinished.owner.load() != mark ||
            unfinished.progress.load() > progress_of_case::running) {
            continue;
        }
        if (end.fixture && (end.fixture->ends || end.was_late_in_fixture())) {
            give_back(position); // it has not begun
            continue;
        }
        explained = true;
        if (killed && killed->running != 0 && killed->running != position + 1) {
            // The case to blame ended just before its worker was killed, and this one had begun.
            give_back(position);
        } else {
            case_result attempt;
            attempt.timed_out = killed && killed->timed_out;
            attempt.interrupted = killed && killed->interrupted;
            attempt.death = end.death();
            attempt.events = std::exchange(events, {});
            fail_case(position, end.number, std::move(attempt));
        }
    }
    return explained;
}

void case_book::give_back(std::size_t position) {
    case_record& record = files_->records.of_case(position);
    record.progress.store(progress_of_case::open);
    record.owner.store(0);
}

bool case_book::blame_fixture(const worker_end& end) {
    const worker_record& record = files_->records.of_worker(end.number);
    const auto* const overdue = end.was_late_in_fixture() ? &*end.fixture : nullptr;
    std::uint64_t next = record.next.load();
    if (overdue) { // some frameworks make fixtures of suites when they have claimed a case
        next = std::max(next, record.running.load());
    }
    if (next == 0 || (end.fixture && end.fixture->ends)) {
        return false;
    }
    const std::size_t blamed = next - 1;
    const std::string& suite = cases_[blamed].suite;
    std::uint32_t nobody = 0;
    if ((!overdue && ++strikes_[suite] < most_strikes) ||
        !files_->records.of_case(blamed).owner.compare_exchange_strong(
            nobody, static_cast<std::uint32_t>(end.number) + 1)) {
        return true;
    }
    case_result attempt;
    attempt.timed_out = overdue != nullptr;
    attempt.death = end.cause() + (overdue ? "" : ", before it began, in a fixture around it");
    fail_case(blamed, end.number, std::move(attempt));
    for (const std::size_t position : order_) {
        const std::string& of = cases_[position].suite;
        if (overdue ? overdue->is_around(of) : of == suite) {
            give_up(position, overdue ? end.death() : "workers died in the fixtures around it");
        }
    }
    return true;
}

void case_book::enter_death_outside(const worker_end& end, const std::string& worker) {
    const std::string suite = end.fixture ? end.fixture->suite : "";
    results::fixture_death death{
        {suite, "", 0, "worker " + worker + " died outside of any case: " + end.death()},
        files_->capture_of(end.number).text()};
    if (!end.fixture) {
        outcome_.troubles.push_back(death.text());
        return;
    }
    const auto first = std::find_if(cases_.begin(), cases_.end(), [&](const test_case& each) {
        return each.suite == suite && !suite.empty();
    });
    if (first != cases_.end()) {
        death.failure.file = first->file;
        death.failure.line = first->line;
    }
    outcome_.deaths_in_fixtures.push_back(std::move(death));
}

/// Lets nobody run a case that is open.
void case_book::give_up(std::size_t position, const std::string& why) {
    std::uint32_t nobody = 0;
    if (files_->records.of_case(position).owner.compare_exchange_strong(nobody,
                                                                        case_record::abandoned)) {
        outcome_.results[position].why = why;
    }
}

void case_book::fail_case(std::size_t position, std::size_t number, case_result attempt) {
    const worker_record& record = files_->records.of_worker(number);
    attempt.verdict = verdict::failed;
    attempt.died = true;
    attempt.why = attempt.death;
    attempt.output = files_->capture_of(number).text();
    if (record.running.load() == position + 1) {
        attempt.duration =
            std::chrono::steady_clock::now().time_since_epoch() - nanoseconds(record.since.load());
    }
    count(position, number, attempt);
    add_attempt(position, number, std::move(attempt));
}

/// Counts a case that its worker could not count any more.
void case_book::count(std::size_t position, std::size_t number, const case_result& attempt) {
    worker_record& record = files_->records.of_worker(number);
    record.cases.fetch_add(1);
    record.tests.fetch_add(
        static_cast<std::uint64_t>((attempt.duration - attempt.fixtures).count()));
    run_record& run = files_->records.of_run();
    run.done.fetch_add(1);
    if (attempt.interrupted) { // nobody is to be told that it failed
        files_->records.of_case(position).progress.store(progress_of_case::skipped);
        return;
    }
    run.failed.fetch_add(attempt.verdict == verdict::failed ? 1 : 0);
    files_->records.of_case(position).progress.store(progress_of(attempt.verdict));
}

void case_book::add_attempt(std::size_t position, std::size_t number, case_result attempt) {
    attempt.worker = static_cast<unsigned>(number);
    outcome_.sequence.push_back(position);
    outcome_.results[position].add(std::move(attempt), retrying_);
}

} // namespace isolite::run
