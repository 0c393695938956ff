#include "ledger/ledger.hpp"

#include "ledger/account_text.hpp"
#include "ledger/recorder.hpp"

#include <isolite/ledger.hpp>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <thread>
#include <utility>

#include <pthread.h>

namespace isolite::records {

namespace {

using std::chrono::nanoseconds;

thread_local unsigned fixtures_around = 0;

/// A child that a test forks must not write to its parent's file.
std::atomic<bool>& is_stray_child() {
    static std::atomic<bool> stray{false};
    return stray;
}

struct running_case {
    std::string test;
    std::size_t id = 0;
    ledger::clock::time_point start;
    nanoseconds fixtures{0};
    unsigned depth = 0; // how many fixtures are around it
};

} // namespace

struct ledger::state {
    explicit state(recorder keeping) : records(std::move(keeping)) {}

    /// Not a mutex: who finds it locked by its own thread would wait for ever.
    void lock() {
        using std::chrono::microseconds;
        const void* nobody = nullptr;
        for (microseconds pause(0); !holder.compare_exchange_strong(nobody, &fixtures_around);
             nobody = nullptr) {
            if (nobody == &fixtures_around) {
                is_torn = true;
                return;
            }
            std::this_thread::sleep_for(pause);
            pause = std::min(2 * pause + microseconds(1), microseconds(1000));
        }
    }

    void unlock() { holder.store(nullptr, std::memory_order_release); }

    /// Begins a record, unless none is kept.
    record_line* begin(std::string_view kind, clock::time_point start) {
        return is_stray_child() ? nullptr : records.begin(kind, start.time_since_epoch());
    }

    void enter(fixture_kind kind, const fixture_details& details, const fixture_span& span);

    void enter(const session_end& end, clock::time_point start, clock::time_point closed,
               unsigned depth);

    std::atomic<const void*> holder{nullptr}; // something of the thread that has locked it
    bool is_torn = false;                     // a thread never came back from what it did here
    recorder records;
    records::account account;
    clock::time_point started = clock::now();
    bool framework = false;       // tells of cases
    bool ended = false;           // the run that it tells of
    bool tells_parent = false;    // what is entered
    bool sums_up_workers = false; // in a summary of its own
    std::size_t cases = 0;        // that have begun
    std::optional<running_case> running;
    told_list told;
};

/// Locks the ledger from here to the end of the block. False for one that must not be used any
/// more: a test jumped out of it, or a handler of a signal interrupted it, so that it may be half
/// written. Waiting for the lock would then be for ever.
class ledger::turn {
  public:
    explicit turn(state& locked) : state_(locked) { state_.lock(); }
    ~turn() { state_.unlock(); }
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;

    explicit operator bool() const { return !state_.is_torn; }

    /// Does some work, if it may be done. Without memory the ledger lacks it, and the test goes on.
    template <typename Work>
    void take(Work work) const noexcept {
        try {
            if (!state_.is_torn) {
                work();
            }
        } catch (const std::exception&) {
            return;
        }
    }

  private:
    state& state_;
};

ledger& ledger::of_process() {
    // Never destroyed: sessions in static variables may be closed after any destructor of ours.
    static auto* const instance = [] {
        auto* const made = new ledger;
        // Locked over a fork, so that no other thread of the parent's keeps the child out for ever.
        ::pthread_atfork([] { of_process().state_->lock(); }, [] { of_process().state_->unlock(); },
                         [] {
                             is_stray_child() = true;
                             of_process().state_->unlock();
                         });
        static_cast<void>(std::atexit([] { of_process().end_without_framework(); }));
        return made;
    }();
    return *instance;
}

ledger::ledger() : state_(new state(recorder(0))) {}

ledger::~ledger() {
    delete state_;
}

void ledger::begin_run() {
    const turn mine(*state_);
    state& s = *state_;
    if (s.ended) { // of a program that lets its framework run again
        s.account = {};
        s.records = recorder(0);
        s.started = clock::now();
        s.cases = 0;
    }
    s.framework = true;
    s.ended = false;
    s.sums_up_workers = false;
}

void ledger::become_parent() {
    const turn mine(*state_);
    state_->records.become_parent();
    state_->sums_up_workers = true;
}

void ledger::become_worker(pid_t parent) {
    is_stray_child() = false;
    // The old one's file is the parent's, which forgetting it does not touch.
    delete std::exchange(state_, new state(state_->records.of_worker(parent)));
    state_->framework = true;
    state_->tells_parent = true;
}

void ledger::make_ready() {
    if (const turn mine(*state_); mine && !is_stray_child()) {
        state_->records.make_ready();
    }
}

void ledger::begin_case(std::string_view test, std::size_t id, clock::time_point start) {
    const turn mine(*state_);
    if (!mine) {
        return;
    }
    state& s = *state_;
    ++s.cases;
    if (!s.running) {
        s.running.emplace();
    }
    s.running->test.assign(test);
    s.running->id = id;
    s.running->start = start;
    s.running->fixtures = nanoseconds(0);
    s.running->depth = fixtures_around;
    if (record_line* const line = s.begin("begin", start)) {
        line->add("case", static_cast<std::int64_t>(s.cases))
            .add("id", static_cast<std::int64_t>(id))
            .add("test", test);
        s.records.commit();
    }
}

nanoseconds ledger::end_case(const case_end& end) {
    const turn mine(*state_);
    state& s = *state_;
    if (!mine || !s.running) {
        return nanoseconds(0);
    }
    const running_case& ended = *s.running;
    fixtures_around =
        std::min(fixtures_around, ended.depth); // the test may have jumped out of some
    const nanoseconds duration = end.ended - ended.start;
    const nanoseconds fixtures = std::min(ended.fixtures, duration);
    s.account.add_test(ended.test, duration - fixtures);
    if (record_line* const line = s.begin("case", ended.start)) {
        line->add("ns", duration.count())
            .add("case", static_cast<std::int64_t>(s.cases))
            .add("id", static_cast<std::int64_t>(ended.id))
            .add("test", ended.test)
            .add("verdict", end.verdict);
        add_to(*line, end);
        s.records.commit();
    }
    s.running.reset();
    return fixtures;
}

void ledger::enter(fixture_kind kind, const fixture_details& details,
                   const fixture_span& span) noexcept {
    turn(*state_).take([&] { state_->enter(kind, details, span); });
}

void ledger::state::enter(fixture_kind kind, const fixture_details& details,
                          const fixture_span& span) {
    const auto [start, end, depth] = span;
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
        told.add({kind, std::string(details.name), duration, depth, running.has_value()});
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
        add_to(*line, details);
        records.commit();
    }
}

void ledger::add_seeding_alone(std::string_view seed, std::string_view why) {
    if (const turn mine(*state_); mine) {
        state_->account.add_seeding_alone(seed, why);
    }
}

void ledger::enter(const session_end& end, clock::time_point start, clock::time_point closed,
                   unsigned depth) noexcept {
    turn(*state_).take([&] { state_->enter(end, start, closed, depth); });
}

void ledger::state::enter(const session_end& end, clock::time_point start, clock::time_point closed,
                          unsigned depth) {
    const auto& [checking, checked, healed] = end.work;
    const fixture_details inside{end.details.name};
    const bool is_last = checked == clock::time_point();
    if (checking != clock::time_point()) {
        enter(fixture_kind::session_checked, inside,
              {checking, is_last ? closed : checked, depth + 1});
    }
    if (healed != clock::time_point()) {
        enter(fixture_kind::session_healed, inside, {checked, healed, depth + 1});
    }
    enter(fixture_kind::session_closed, end.details, {start, closed, depth});
    if (end.is_outermost && !framework) {
        account.add_test(end.details.test, start - end.opened);
    }
}

void ledger::record(std::string_view kind, const std::function<void(record_line&)>& fill) {
    const turn mine(*state_);
    if (record_line* const line = mine ? state_->begin(kind, clock::now()) : nullptr) {
        fill(*line);
        state_->records.commit();
    }
}

std::vector<told_fixture> ledger::take_told() {
    const turn mine(*state_);
    return mine ? state_->told.take() : std::vector<told_fixture>();
}

void ledger::end(std::size_t cases_of_workers) {
    const turn mine(*state_);
    if (!mine || state_->running || is_stray_child()) {
        return; // a test has ended the process, or it is none of ours
    }
    state_->ended = true;
    if (state_->framework || !state_->account.empty()) {
        state_->records.end(state_->cases + cases_of_workers);
    }
}

std::string ledger::path_of_records() const {
    const turn mine(*state_);
    return mine ? state_->records.path() : "";
}

/// Ends the process that no framework says to be whole.
void ledger::end_without_framework() {
    bool is_known = false;
    if (const turn mine(*state_); mine) {
        is_known = state_->framework;
    }
    if (!is_known) {
        end();
    }
}

nanoseconds ledger::time_in_fixtures() const {
    const turn mine(*state_);
    return state_->account.time_in_fixtures();
}

records::account ledger::account() const {
    const turn mine(*state_);
    return mine ? state_->account : records::account();
}

nanoseconds ledger::life() const {
    const turn mine(*state_);
    return state_->records.life();
}

std::string ledger::summary(std::string_view worker) const {
    const turn mine(*state_);
    const records::account& kept = state_->account;
    if (!mine || !kept.has_fixtures() || state_->sums_up_workers) {
        return {};
    }
    return paragraph_of(kept, {std::string(worker), kept.tests(), 0, clock::now() - state_->started,
                               kept.time_in_tests(), kept.time_in_fixtures()});
}

fixture_clock::fixture_clock() {
    static_cast<void>(ledger::of_process()); // begins before all that is entered
    depth_ = fixtures_around++;
    begun_ = ledger::clock::now();
}

// Not one less: a test may have jumped out of fixtures inside, or end this one in another thread.
fixture_clock::~fixture_clock() {
    fixtures_around = std::min(fixtures_around, depth_);
}

ledger::clock::time_point fixture_clock::enter(fixture_kind kind,
                                               const fixture_details& details) const {
    const fixture_span done = span();
    ledger::of_process().enter(kind, details, done);
    return done.ended;
}

void fixture_clock::enter(const session_end& end) const {
    ledger::of_process().enter(end, begun_, ledger::clock::now(), depth_);
}

} // namespace isolite::records

std::string isolite::ledger_summary(std::string_view worker) {
    return records::ledger::of_process().summary(worker);
}
