#include "ledger/ledger.hpp"

#include "ledger/account_text.hpp"
#include "ledger/recorder.hpp"

#include <isolite/ledger.hpp>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <utility>

#include <pthread.h>

namespace isolite {

namespace {

using std::chrono::nanoseconds;

thread_local unsigned fixtures_around = 0;

/// A child that a test forks must not write to its parent's file.
std::atomic<bool>& is_stray_child() {
    static std::atomic<bool> stray{false};
    return stray;
}

void add(record_line& line, const fixture_details& details) {
    if (details.pages) {
        line.add("pages", static_cast<std::int64_t>(*details.pages));
    }
    if (details.rows) {
        line.add("rows", static_cast<std::int64_t>(*details.rows));
    }
    if (details.seeding.count() > 0) {
        line.add("seeding_ns", details.seeding.count());
    }
    if (!details.text.empty()) {
        line.add("text", details.text);
    }
}

struct running_case {
    std::string test;
    std::size_t id = 0;
    ledger::clock::time_point start;
    nanoseconds fixtures{0};
};

} // namespace

struct ledger::state {
    explicit state(pid_t parent) : records(parent) {}

    /// Begins a record, unless none is kept.
    record_line* begin(std::string_view kind, clock::time_point start) {
        return is_stray_child() ? nullptr : records.begin(kind, start.time_since_epoch());
    }

    // Requires: the mutex is held.
    void enter(fixture_kind kind, const fixture_details& details, clock::time_point start,
               clock::time_point end, unsigned depth) {
        const nanoseconds duration = end - start;
        account.add({kind, details.name, duration, depth},
                    running ? std::string_view(running->test) : details.test);
        if (details.seeding.count() > 0) {
            account.add_seeding(std::string(details.name), details.seeding);
        }
        if (running && depth == 0) {
            running->fixtures += duration;
        }
        if (tells_parent) {
            told.push_back({kind, std::string(details.name), duration, depth, running.has_value()});
        }
        if (record_line* const line = begin(name_of(kind), start)) {
            line->add("ns", duration.count());
            if (running) {
                line->add("case", static_cast<std::int64_t>(cases));
            }
            if (depth > 0) {
                line->add("depth", std::int64_t(depth));
            }
            line->add("name", details.name);
            if (!details.test.empty() && !(running && running->test == details.test)) {
                line->add("test", details.test);
            }
            add(*line, details);
            records.commit();
        }
    }

    mutable std::mutex mutex;
    recorder records;
    isolite::account account;
    clock::time_point started = clock::now();
    bool framework = false;       // tells of cases
    bool tells_parent = false;    // what is entered
    bool sums_up_workers = false; // in a summary of its own
    std::size_t cases = 0;        // that have begun
    std::optional<running_case> running;
    std::vector<told_fixture> told;
    std::map<std::string, std::string> alone; // seeds that are not shared, and why
};

ledger& ledger::of_process() {
    // Never destroyed: sessions in static variables may be closed after any destructor of ours.
    static auto* const instance = [] {
        auto* const made = new ledger;
        ::pthread_atfork(nullptr, nullptr, [] { is_stray_child() = true; });
        static_cast<void>(std::atexit([] { of_process().end(); }));
        return made;
    }();
    return *instance;
}

ledger::ledger() : state_(new state(0)) {}

ledger::~ledger() {
    delete state_;
}

void ledger::begin_run() {
    const std::lock_guard guard(state_->mutex);
    state_->framework = true;
    state_->started = clock::now();
    state_->records.start();
}

void ledger::become_parent() {
    const std::lock_guard guard(state_->mutex);
    state_->records.become_parent();
    state_->sums_up_workers = true;
}

void ledger::become_worker(pid_t parent) {
    is_stray_child() = false;
    state_ = new state(parent); // the old one's file and lock are the parent's
    state_->framework = true;
    state_->tells_parent = true;
}

void ledger::begin_case(std::string_view test, std::size_t id, clock::time_point start) {
    const std::lock_guard guard(state_->mutex);
    state& s = *state_;
    ++s.cases;
    if (!s.running) {
        s.running.emplace();
    }
    s.running->test.assign(test);
    s.running->id = id;
    s.running->start = start;
    s.running->fixtures = nanoseconds(0);
    if (record_line* const line = s.begin("begin", start)) {
        line->add("case", static_cast<std::int64_t>(s.cases))
            .add("id", static_cast<std::int64_t>(id))
            .add("test", test);
        s.records.commit();
    }
}

nanoseconds ledger::end_case(std::string_view verdict, std::string_view why,
                             clock::time_point end) {
    const std::lock_guard guard(state_->mutex);
    state& s = *state_;
    if (!s.running) {
        return nanoseconds(0);
    }
    const running_case& ended = *s.running;
    const nanoseconds duration = end - ended.start;
    const nanoseconds fixtures = std::min(ended.fixtures, duration);
    s.account.add_test(ended.test, duration - fixtures);
    if (record_line* const line = s.begin("case", ended.start)) {
        line->add("ns", duration.count())
            .add("case", static_cast<std::int64_t>(s.cases))
            .add("id", static_cast<std::int64_t>(ended.id))
            .add("test", ended.test)
            .add("verdict", verdict);
        if (!why.empty()) {
            line->add("text", why);
        }
        s.records.commit();
    }
    s.running.reset();
    return fixtures;
}

void ledger::enter(fixture_kind kind, const fixture_details& details, clock::time_point start,
                   clock::time_point end, unsigned depth) {
    const std::lock_guard guard(state_->mutex);
    state_->enter(kind, details, start, end, depth);
}

void ledger::add_seeding_alone(std::string_view seed, std::string_view why) {
    const std::lock_guard guard(state_->mutex);
    state_->alone[std::string(seed)] = why;
}

void ledger::enter(const session_end& end, clock::time_point start, clock::time_point closed,
                   unsigned depth) {
    const std::lock_guard guard(state_->mutex);
    const auto& [checking, checked, healed] = end.work;
    const fixture_details inside{end.details.name};
    if (checked != clock::time_point()) {
        state_->enter(fixture_kind::session_checked, inside, checking, checked, depth + 1);
    }
    if (healed != clock::time_point()) {
        state_->enter(fixture_kind::session_healed, inside, checked, healed, depth + 1);
    }
    state_->enter(fixture_kind::session_closed, end.details, start, closed, depth);
    if (end.is_outermost && !state_->framework) {
        state_->account.add_test(end.details.test, start - end.opened);
    }
}

void ledger::record(std::string_view kind, const std::function<void(record_line&)>& fill) {
    const std::lock_guard guard(state_->mutex);
    if (record_line* const line = state_->begin(kind, clock::now())) {
        fill(*line);
        state_->records.commit();
    }
}

std::vector<told_fixture> ledger::take_told() {
    const std::lock_guard guard(state_->mutex);
    return std::exchange(state_->told, {});
}

void ledger::end() {
    const std::lock_guard guard(state_->mutex);
    const bool is_whole = !state_->running; // else a test has ended the process
    const bool is_known = state_->framework || !state_->account.empty();
    if (is_whole && is_known && !is_stray_child()) {
        state_->records.end();
    }
}

nanoseconds ledger::time_in_fixtures() const {
    const std::lock_guard guard(state_->mutex);
    return state_->account.time_in_fixtures();
}

isolite::account ledger::account() const {
    const std::lock_guard guard(state_->mutex);
    return state_->account;
}

std::string ledger::summary(std::string_view worker) const {
    std::vector<std::string> lines;
    {
        const std::lock_guard guard(state_->mutex);
        const isolite::account& kept = state_->account;
        if (kept.fixtures().empty() || state_->sums_up_workers) {
            return {};
        }
        lines.push_back(
            "isolite: worker " +
            line_of({std::string(worker), kept.tests(), 0, clock::now() - state_->started,
                     kept.time_in_tests(), kept.time_in_fixtures()}) +
            ".");
        for (std::string& line : slowest_lines("slowest tests", kept.slowest_tests().sorted())) {
            lines.push_back(std::move(line));
        }
        for (std::string& line : lines_of(kept)) {
            lines.push_back(std::move(line));
        }
    }
    for (std::string& line : lines_of_seeds_alone()) {
        lines.push_back(std::move(line));
    }
    std::string text;
    for (const std::string& line : lines) {
        text += (text.empty() ? "" : "\n  ") + line;
    }
    return text;
}

std::vector<std::string> ledger::lines_of_seeds_alone() const {
    const std::lock_guard guard(state_->mutex);
    std::vector<std::string> lines;
    for (const auto& [seed, why] : state_->alone) {
        lines.push_back("every worker seeds '" + seed + "' for itself: " + why + ".");
    }
    return lines;
}

std::string ledger_summary(std::string_view worker) {
    return ledger::of_process().summary(worker);
}

fixture_clock::fixture_clock() noexcept : begun_(ledger::clock::now()) {
    ++fixtures_around;
}

fixture_clock::~fixture_clock() {
    --fixtures_around;
}

ledger::clock::time_point fixture_clock::enter(fixture_kind kind,
                                               const fixture_details& details) const {
    const auto end = ledger::clock::now();
    ledger::of_process().enter(kind, details, begun_, end, fixtures_around - 1);
    return end;
}

void fixture_clock::enter(const session_end& end) const {
    ledger::of_process().enter(end, begun_, ledger::clock::now(), fixtures_around - 1);
}

} // namespace isolite
