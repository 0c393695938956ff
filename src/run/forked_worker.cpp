#include "run/forked_worker.hpp"

#include "ledger/ledger.hpp"
#include "os/child_processes.hpp"
#include "os/last_words.hpp"
#include "os/standard_streams.hpp"
#include "run/death.hpp"
#include "run/finished_case.hpp"
#include "run/passes.hpp"
#include "run/present_conditions.hpp"
#include "run/worker_exit.hpp"
#include "sandbox/reversed_statements.hpp"
#include "sandbox/unheard_leak.hpp"
#include "worker/coverage.hpp"
#include "worker/forked_places.hpp"
#include "worker/process_exit.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>

#include <sqlite3.h>

namespace isolite::run {

using results::case_result;
using results::event;
using results::verdict;

namespace {

/// How long a worker goes without looking after its parent, where cases follow each other at once.
constexpr std::chrono::milliseconds time_between_looks(1);

/// Does what is left when a worker has run everything, the destructors of its objects included.
void close(journal& journal) {
    if (std::string counted = workers::coverage_for_parent(); !counted.empty()) {
        static_cast<void>(journal.append({coverage_counted, std::move(counted)}));
    }
    os::kill_children_except({});
}

} // namespace

forked_worker::forked_worker(std::shared_ptr<run_files> files, std::size_t number,
                             const std::vector<std::size_t>& order, const worker& place,
                             pid_t parent)
    : files_(std::move(files)), number_(number), mark_(static_cast<std::uint32_t>(number) + 1),
      passes_(passes_of(order)), process_(os::own_number()), parent_(parent),
      left_processes_(parent, files_->of_worker(number)) {
    end_with_parent();
    os::lead_group(process_); // no Ctrl-C comes here: that is the parent's to answer
    os::read_nothing();
    close_files_of_others();
    workers::forget_coverage();
    keep_exit_to_own([shared = files_, number] { close(shared->journals[number]); });
    workers::become(place);
    records::ledger::of_process().become_worker(parent);
    sqlite3_randomness(0, nullptr); // a fork copies SQLite's numbers, which are to differ
    enter(files_->conditions);
    sandbox::tell_changes(files_->changes);
    if (files_->reversed) {
        sandbox::limit_reversal(*files_->reversed);
    }
    leave_capture_to_others();
    left_processes_.begin();
    files_->capture_of(number_).begin();
    // What a crash would leave in the buffer is most wanted. With the buffer that the parent has
    // used already, glibc would go on to fill it as a whole.
    static std::array<char, BUFSIZ> buffer;
    std::setvbuf(stdout, buffer.data(), _IOLBF, buffer.size());
}

/// Asks the kernel to end this process with its parent, and ends it if that has ended already. A
/// test may have taken back what was asked; so does the kernel when a test changes its user.
void forked_worker::end_with_parent() const {
    os::end_with(parent_);
}

/// Lets nothing of what ran before be part of the next case.
void forked_worker::begin_anew() {
    end_with_parent();
    left_processes_.begin();
    begin_output();
}

void forked_worker::begin_output() {
    const output_capture& capture = files_->capture_of(number_);
    files_->leaves_streams ? capture.begin_as_left() : capture.begin();
}

void forked_worker::enter_fixture(const fixture_phase& phase) {
    if (os::own_number() == process_) {
        leave_fixture();
        files_->records.of_worker(number_).fixture.enter(phase);
    }
}

/// Waits to be killed if the fixture took too long: the parent only looks from time to time, and
/// chance is to decide about nothing.
void forked_worker::leave_fixture() {
    open_fixture& fixture = files_->records.of_worker(number_).fixture;
    while (fixture.is_overdue(files_->fixture_limit)) {
        end_with_parent();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    fixture.leave();
}

/// What it leaves running is known by the files of its own.
void forked_worker::close_files_of_others() {
    for (std::size_t number = 0; number < files_->journals.size(); ++number) {
        if (number != number_) {
            files_->journals[number].close();
            files_->captures[number].close();
        }
        if (number != number_ && number < files_->spare_captures.size()) {
            files_->spare_captures[number].close();
        }
    }
}

/// Takes the other capture if a process that a test left writes to this one, and none to that.
bool forked_worker::leave_capture_to_others() {
    if (files_->spare_captures.empty()) {
        return false;
    }
    std::atomic<bool>& uses_spare = files_->records.of_worker(number_).uses_spare_capture;
    const bool now = uses_spare.load();
    const auto& other = now ? files_->captures[number_] : files_->spare_captures[number_];
    if (!left_processes_.write_to(files_->capture_of(number_).identity()) ||
        left_processes_.write_to(other.identity())) {
        return false;
    }
    uses_spare.store(!now);
    other.take_over(now ? files_->spare_captures[number_] : files_->captures[number_]);
    return true;
}

const std::vector<std::size_t>& forked_worker::order() const {
    return passes_[files_->records.of_run().passes.load()];
}

bool forked_worker::begin_next_pass() {
    run_record& run = files_->records.of_run();
    const std::uint64_t next = run.passes.load() + 1;
    if (os::own_number() != process_ || next >= passes_.size() || run.stopped.load()) {
        return false;
    }
    open_cases(*files_, passes_[next]);
    run.passes.store(next);
    return true;
}

bool forked_worker::is_open(std::size_t position) {
    leave_fixture();
    const bool open = may_claim(position);
    files_->records.of_worker(number_).next.store(open ? position + 1 : 0);
    return open;
}

bool forked_worker::may_claim(std::size_t position) const {
    run_files& files = *files_;
    if (files.records.of_run().stopped.load() || files.journals[number_].is_half_full() ||
        files.records.of_case(position).owner.load(std::memory_order_relaxed) != 0) {
        return false;
    }
    const std::size_t group = files.group_of[position];
    const std::uint32_t owner =
        group == run_files::no_group ? 0 : files.records.owner_of_group(group).load();
    return owner == 0 || owner == mark_;
}

bool forked_worker::join_group(std::size_t position) {
    const std::size_t group = files_->group_of[position];
    if (group == run_files::no_group) {
        return true;
    }
    std::uint32_t owner = 0;
    return files_->records.owner_of_group(group).compare_exchange_strong(owner, mark_) ||
           owner == mark_;
}

bool forked_worker::claim(std::size_t position, meanwhile ran) {
    if (os::own_number() != process_) {
        os::end_at_once(exit_stray_child);
    }
    worker_record& self = files_->records.of_worker(number_);
    self.next.store(0);
    run_record& run = files_->records.of_run();
    case_record& claimed = files_->records.of_case(position);
    const std::uint64_t most = files_->max_failures;
    if (!may_claim(position) || (most > 0 && run.failed.load() >= most) || !join_group(position)) {
        return false;
    }
    std::uint32_t nobody = 0;
    if (!claimed.owner.compare_exchange_strong(nobody, mark_)) {
        return false;
    }
    claimed.progress.store(progress_of_case::running);
    self.claims.fetch_add(1);
    running_ = position;
    unheard_failures_ = sandbox::unheard_failures();
    if (ran == meanwhile::fixtures || ended_ - watched_ > time_between_looks) {
        begin_anew();
        watched_ = ended_;
    }
    since_ = clock::now();
    self.since.store(since_.time_since_epoch().count());
    self.running.store(position + 1);
    begun_ = false;
    return true;
}

void forked_worker::begin() {
    leave_fixture();
    begin_in_conditions();
    since_ = clock::now();
    files_->records.of_worker(number_).since.store(since_.time_since_epoch().count());
    records::ledger::of_process().begin_case(files_->names[*running_], *running_, since_);
    begun_ = true;
}

/// Says whether nobody will run a case that every worker has come by: it waited for others of its
/// group, and the worker that had them was given up.
bool forked_worker::is_given_up(std::size_t position) const {
    const std::uint32_t owner = files_->records.of_case(position).owner.load();
    const std::size_t group = files_->group_of[position];
    return owner == case_record::abandoned || (owner == 0 && group != run_files::no_group &&
                                               files_->records.owner_of_group(group).load() == 0);
}

bool forked_worker::passed(std::size_t position) const {
    case_record& other = files_->records.of_case(position);
    const run_record& run = files_->records.of_run();
    using std::chrono::microseconds;
    for (microseconds pause(50);; pause = std::min(pause * 2, microseconds(5000))) {
        const progress_of_case progress = other.progress.load();
        if (progress == progress_of_case::passed || other.owner.load() == case_record::closed) {
            return progress != progress_of_case::failed && progress != progress_of_case::skipped;
        }
        if (progress == progress_of_case::failed || progress == progress_of_case::skipped ||
            run.stopped.load() || is_given_up(position)) {
            return false;
        }
        end_with_parent(); // nobody else may be left
        std::this_thread::sleep_for(pause);
    }
}

void forked_worker::append(const event& last, const std::vector<event>& before) {
    if (!files_->journals[number_].append(last, before)) {
        os::end_at_once(exit_no_room);
    }
}

void forked_worker::record(event event) {
    if (os::own_number() != process_) {
        return; // a child that a test forked checks something: nobody would know whose it is
    }
    if (!running_) {
        event.kind |= outside_of_cases;
    }
    append(event);
}

void forked_worker::record_outside(event event) {
    if (os::own_number() == process_) {
        event.kind |= outside_of_cases;
        append(event);
    }
}

void forked_worker::say_before_death(void (*say)()) {
    os::say_before_death(say, workers::is_sanitized());
}

void forked_worker::record_last(const event& event) noexcept {
    if (running_) {
        static_cast<void>(files_->journals[number_].append(event)); // or has no room
    }
}

void forked_worker::record_last(std::uint8_t kind, const text::to_pack& value) noexcept {
    if (running_) {
        static_cast<void>(files_->journals[number_].append(kind, value));
    }
}

/// Fails the running case if it took too long: the parent may have looked too late to see it.
void forked_worker::note_lateness(case_result& attempt) const {
    const std::chrono::milliseconds limit = files_->limits[*running_];
    if (limit.count() == 0 || attempt.duration <= limit || attempt.verdict == verdict::skipped) {
        return;
    }
    attempt.verdict = verdict::failed;
    attempt.timed_out = true;
    attempt.death = lateness(limit);
    attempt.why = attempt.why.empty() ? attempt.death : attempt.why;
}

/// Returns what the running case wrote, if somebody will want to read it: also of one that passed,
/// but in which something was reported that fails the process.
std::string forked_worker::output_to_keep(bool failed) const {
    const bool unheard = sandbox::unheard_failures() > unheard_failures_;
    if (!failed && !unheard && !workers::is_sanitized()) {
        return "";
    }
    std::string text = files_->capture_of(number_).text();
    return failed || unheard || workers::has_sanitizer_report(text) ? text : "";
}

void forked_worker::finish(verdict became, const std::string& why, const std::vector<event>& last,
                           const std::string& found) {
    if (os::own_number() != process_) {
        os::end_at_once(exit_stray_child);
    }
    ended_ = clock::now();
    if (!begun_) {
        records::ledger::of_process().begin_case(files_->names[*running_], *running_, since_);
    }
    finished_case_entry finished;
    finished.position = *running_;
    finished.passes = files_->records.of_run().passes.load();
    case_result& attempt = finished.attempt;
    attempt.duration = ended_ - since_;
    attempt.verdict = became;
    attempt.why = why;
    if (!found.empty()) {
        attempt.verdict = verdict::failed;
        attempt.death = found;
        attempt.why = why.empty() ? found : why;
    }
    note_lateness(attempt);
    const bool all_is_out = output_capture::flush();
    const auto caught = files_->capture_of(number_).size();
    if (!caught) {
        os::end_at_once(exit_lost_descriptors);
    }
    const bool failed = attempt.verdict == verdict::failed;
    attempt.output = output_to_keep(failed);
    attempt.fixtures = records::ledger::of_process().end_case(
        {name_of(attempt.verdict), attempt.why, ended_, attempt.output, attempt.timed_out});
    attempt.left_processes = left_processes_.found();
    finished.fixtures = records::ledger::of_process().take_told();
    append(event::of(case_finished, finished), last);
    files_->records.of_case(*running_).progress.store(progress_of(attempt.verdict));
    worker_record& self = files_->records.of_worker(number_);
    run_record& run = files_->records.of_run();
    self.running.store(0);
    self.cases.fetch_add(1);
    self.tests.fetch_add(static_cast<std::uint64_t>((attempt.duration - attempt.fixtures).count()));
    self.fixtures.store(
        static_cast<std::uint64_t>(records::ledger::of_process().time_in_fixtures().count()));
    run.done.fetch_add(1);
    run.failed.fetch_add(failed ? 1 : 0);
    running_.reset();
    const bool has_other = !attempt.left_processes.empty() && leave_capture_to_others();
    // What fixtures write now is no part of this case.
    if (!all_is_out || *caught > 0 || has_other) {
        begin_output();
    } else if (!files_->leaves_streams) {
        files_->capture_of(number_).begin_empty();
    }
}

void forked_worker::end() {
    output_capture::flush();
    exit_scope scope = exit_scope::none;
    if (os::own_number() == process_) {
        scope = files_->scope_of_exit;
        worker_record& self = files_->records.of_worker(number_);
        self.fixtures.store(
            static_cast<std::uint64_t>(records::ledger::of_process().time_in_fixtures().count()));
        append(event::of(fixtures_told, records::ledger::of_process().take_told()));
        records::ledger::of_process().end();
        self.since.store(clock::now().time_since_epoch().count());
        self.ended.store(true);
    }
    exit_worker(scope);
}

} // namespace isolite::run
