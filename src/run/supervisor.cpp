#include "run/supervisor.hpp"

#include "error/warning.hpp"
#include "ledger/ledger.hpp"
#include "os/child_processes.hpp"
#include "os/early_stop.hpp"
#include "results/run_records.hpp"
#include "run/death.hpp"
#include "run/passes.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib> // what a status says
#include <cstring>
#include <utility>

namespace isolite::run {

using results::case_result;
using results::outcome;
using results::test_case;

namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

/// How often the parent looks around when nobody calls it.
constexpr milliseconds tick(50);

/// At how many looks a worker is stopped before it is killed: who stops all processes of a run and
/// lets them go on reaches one after the other.
constexpr unsigned most_stopped_looks = 10;

/// How many workers in a row may die in a seat before they have claimed a case.
constexpr unsigned most_useless = 2;

} // namespace

supervisor::supervisor(const std::vector<test_case>& cases, std::shared_ptr<run_files> files,
                       std::vector<worker> places, std::vector<nanoseconds> expected)
    : cases_(cases), files_(std::move(files)), places_(std::move(places)),
      earlier_children_(os::running_children()), process_(os::own_number()), begun_(clock::now()),
      report_(cases_, files_, places_, std::move(expected), outcome_.results),
      seats_(places_.size()), book_(cases_, files_, outcome_) {
    os::leave_early_stop(); // from here on signals are waited for
    os::adopt_orphans(true);
    outcome_.is_forked = true;
    outcome_.results.resize(cases_.size());
    outcome_.costs = records::ledger::of_process().account(); // the images
    for (const worker& place : places_) {
        outcome_.workers.push_back({});
        outcome_.workers.back().name = place.name;
    }
}

supervisor::~supervisor() {
    if (os::own_number() == process_) {
        os::adopt_orphans(false);
    }
}

std::optional<forked_worker> supervisor::run(const std::vector<std::size_t>& order,
                                             std::size_t workers, const round& which) {
    workers_ = std::min({workers, order.size(), seats_.size()});
    if (order.empty()) {
        return std::nullopt;
    }
    book_.begin_round(order, which.is_retry);
    open_round(order);
    report_.begin(order, workers_, which.name, which.is_retry);
    for (;; wait()) {
        while (const auto number = wanted_seat()) {
            if (fork_worker(*number)) {
                signals_.restore();
                worker place = places_[*number];
                place.incarnation = seats_[*number].forks;
                return std::optional<forked_worker>(std::in_place, files_, *number, order_, place,
                                                    process_);
            }
        }
        if (!anyone_runs()) {
            break;
        }
    }
    report_.clear();
    kill_orphans();
    return std::nullopt;
}

/// Returns a seat in which a worker is missing.
std::optional<std::size_t> supervisor::wanted_seat() const {
    for (std::size_t number = 0; number < workers_ && !stopped(); ++number) {
        const seat& free = seats_[number];
        if (free.process == 0 && !free.retired && anything_open_to(number)) {
            return number;
        }
    }
    return std::nullopt;
}

void supervisor::open_round(const std::vector<std::size_t>& order) {
    order_ = order;
    for (std::size_t position = 0; position < cases_.size(); ++position) {
        case_record& record = files_->records.of_case(position);
        record.owner.store(case_record::closed);
    }
    const auto passes = passes_of(order);
    files_->records.of_run().passes.store(0);
    passes_ = passes.size();
    open_cases(*files_, passes.front());
    for (seat& each : seats_) {
        each.retired = false;
        each.useless = 0;
    }
}

/// Forks a worker. Returns true in the child.
bool supervisor::fork_worker(std::size_t number) {
    seat& free = seats_[number];
    worker_record& record = files_->records.of_worker(number);
    record.running.store(0);
    record.next.store(0);
    record.claims.store(0);
    record.fixtures.store(0);
    record.ended.store(false);
    record.fixture.leave();
    files_->journals[number].clear();
    free.killed.reset();
    free.forked = clock::now();
    report_.begin_worker(number);
    const pid_t child = os::fork_child();
    if (child < 0) {
        warnings::warn_once(
            {errc::system, "start worker " + places_[number].name + ": " + std::strerror(errno),
             "raise the limit of processes, e.g. with `ulimit -u`, or give fewer --workers"});
        retire(number);
        return false;
    }
    if (child > 0) {
        ++free.forks;
        os::lead_group(child); // here too: whoever comes first
        free.process = child;
        processes_of_workers_.push_back(child);
        outcome_.workers[number].replacements += free.died ? 1 : 0;
    }
    return child == 0;
}

/// Lets a worker have no further process in this round; others may take on its groups.
void supervisor::retire(std::size_t number) {
    seats_[number].retired = true;
    for (const std::size_t position : order_) {
        if (files_->group_of[position] != run_files::no_group) {
            std::uint32_t owner = static_cast<std::uint32_t>(number) + 1;
            files_->records.owner_of_group(files_->group_of[position])
                .compare_exchange_strong(owner, 0);
        }
    }
}

bool supervisor::anyone_runs() const {
    return std::any_of(seats_.begin(), seats_.end(),
                       [](const seat& each) { return each.process != 0; });
}

/// Says whether there is a case for a worker: of a group, which belongs to one worker, only for it.
bool supervisor::anything_open_to(std::size_t number) const {
    if (files_->records.of_run().passes.load() + 1 < passes_) {
        return true;
    }
    const auto mark = static_cast<std::uint32_t>(number) + 1;
    return std::any_of(order_.begin(), order_.end(), [&](std::size_t position) {
        const std::size_t group = files_->group_of[position];
        const std::uint32_t owner =
            group == run_files::no_group ? 0 : files_->records.owner_of_group(group).load();
        return files_->records.of_case(position).owner.load() == 0 && (owner == 0 || owner == mark);
    });
}

bool supervisor::stopped() const {
    return outcome_.interrupted_by != 0 || outcome_.too_many_failures;
}

void supervisor::wait() {
    const auto signal = signals_.wait(tick);
    if (signal && *signal != SIGCHLD) {
        stop_by(*signal);
    }
    for (std::size_t number = 0; number < seats_.size(); ++number) {
        if (seats_[number].process != 0 && os::has_ended(seats_[number].process)) {
            bury(number);
        }
    }
    os::bury_orphans(not_orphans());
    stop_after_failures();
    kill_overdue();
    kill_stopped();
    std::vector<bool> alive;
    for (const seat& each : seats_) {
        alive.push_back(each.process != 0);
    }
    report_.update(alive);
}

/// Kills the process of a worker itself: it may have left its group.
void supervisor::kill(seat& taken, kill_reason why) {
    taken.killed = std::move(why);
    os::kill_process(taken.process);
}

void supervisor::kill_overdue() {
    const nanoseconds now = clock::now().time_since_epoch();
    for (std::size_t number = 0; number < seats_.size(); ++number) {
        seat& each = seats_[number];
        const worker_record& record = files_->records.of_worker(number);
        if (each.process == 0 || each.killed) {
            continue;
        }
        const auto fixture = record.fixture.phase();
        if (fixture && record.fixture.is_overdue(files_->fixture_limit)) {
            kill(each, kill_reason::late_fixture(*fixture, files_->fixture_limit));
            continue;
        }
        const std::uint64_t running = record.running.load();
        if (record.ended.load() && now - nanoseconds(record.since.load()) > files_->limit_of_exit) {
            kill(each, kill_reason::late_end(files_->limit_of_exit));
        }
        const bool has_limit_of_its_own = fixture && files_->fixture_limit.count() > 0;
        if (running == 0 || has_limit_of_its_own) {
            continue;
        }
        const milliseconds limit = files_->limits[running - 1];
        if (limit.count() > 0 && now - nanoseconds(record.since.load()) > limit &&
            record.running.load() == running) {
            kill(each, kill_reason::late_case(running, limit));
        }
    }
}

/// Kills workers that a signal has stopped, by which no worker would ever end. One that reads from
/// the terminal, for instance, is stopped by SIGTTIN.
void supervisor::kill_stopped() {
    const auto now = clock::now();
    for (std::size_t number = 0; number < seats_.size(); ++number) {
        seat& each = seats_[number];
        const bool alive = each.process != 0 && !each.killed;
        const auto signal = alive ? os::stop_signal(each.process) : std::nullopt;
        if (!signal) {
            each.seen_stopped = 0;
        } else if (now - each.last_seen_stopped >= tick) {
            each.last_seen_stopped = now;
            if (++each.seen_stopped == most_stopped_looks) {
                const worker_record& record = files_->records.of_worker(number);
                const std::uint64_t running = record.running.load();
                kill(each,
                     kill_reason::stopped_worker(record.fixture.is_open() ? 0 : running, *signal));
            }
        }
    }
}

void supervisor::stop_by(int signal) {
    signals_.keep_requests(); // who asks twice, as `timeout` does, is to get the report, too
    outcome_.interrupted_by = signal;
    files_->records.of_run().stopped.store(true);
    for (seat& each : seats_) {
        if (each.process != 0) {
            kill(each, each.killed.value_or(kill_reason::stopped_run(signal)));
        }
    }
    for (std::size_t number = 0; number < seats_.size(); ++number) {
        if (seats_[number].process != 0) {
            bury(number);
        }
    }
}

void supervisor::stop_after_failures() {
    run_record& run = files_->records.of_run();
    if (files_->max_failures > 0 && run.failed.load() >= files_->max_failures) {
        run.stopped.store(true);
        outcome_.too_many_failures = true;
    }
}

/// Takes in what a worker left, which has ended or is about to.
void supervisor::bury(std::size_t number) {
    seat& left = seats_[number];
    const pid_t process = std::exchange(left.process, 0);
    worker_record& record = files_->records.of_worker(number);
    const worker_end end(number, os::await_end_of_group(process), left.killed, record);
    records::worker_account& statistics = outcome_.workers[number];
    statistics.life += clock::now() - left.forked;
    statistics.fixtures += nanoseconds(record.fixtures.load());
    book_.read_journal(number, places_[number].name);
    left.died = !record.ended.load();
    if (left.died) {
        const std::uint64_t running = record.running.load();
        results::record_death({places_[number].name, left.forks - 1, process, end.death(),
                               running == 0 ? "" : cases_[running - 1].name,
                               end.killed && end.killed->timed_out});
    }
    const bool blamed = book_.blame(end);
    const bool may_be_chance = left.died && !blamed && outcome_.interrupted_by == 0;
    const bool in_fixture = may_be_chance && book_.blame_fixture(end);
    if (left.died && !blamed && !in_fixture && !stopped()) {
        book_.enter_death_outside(end, places_[number].name);
    }
    if (!left.died) {
        tell_end(end);
    }
    stop_after_failures();
    left.useless = record.claims.load() > 0 || in_fixture ? 0 : left.useless + 1;
    if (left.useless >= most_useless) {
        retire(number);
    }
}

/// Kills what tests left running, in whatever group.
void supervisor::kill_orphans() {
    const auto was_told = [this](const std::string& process) {
        const auto has_it = [&process](const case_result& result) {
            const std::vector<std::string>& left = result.left_processes;
            return std::find(left.begin(), left.end(), process) != left.end();
        };
        return std::any_of(outcome_.results.begin(), outcome_.results.end(), has_it);
    };
    os::kill_children_if([&](pid_t child) {
        const bool is_meant = is_of_run(child);
        if (const std::string process = os::description_of(child); is_meant && !was_told(process)) {
            outcome_.left_processes.push_back(process);
        }
        return is_meant;
    });
}

/// Says whether a child of this process is of a test. Who was started by a process that was there
/// before the run comes here, too, when that ends.
bool supervisor::is_of_run(pid_t orphan) const {
    const auto is_among = [](const std::vector<pid_t>& all, pid_t one) {
        return std::find(all.begin(), all.end(), one) != all.end();
    };
    if (earlier_children_.empty()) {
        return true;
    }
    if (is_among(earlier_children_, orphan)) {
        return false;
    }
    bool is_meant =
        is_among(processes_of_workers_, os::group_of(orphan)) || os::runs_same_program(orphan);
    for (std::size_t number = 0; number < seats_.size() && !is_meant; ++number) {
        is_meant = os::holds_any(orphan, files_->of_worker(number));
    }
    return is_meant;
}

/// Returns the children that are somebody else's to wait for.
std::vector<pid_t> supervisor::not_orphans() const {
    std::vector<pid_t> all = earlier_children_;
    for (const seat& each : seats_) {
        all.push_back(each.process);
    }
    return all;
}

/// Tells that a worker failed when all its cases had ended: by a destructor of a static object, or
/// by what watches it, such as a sanitizer.
void supervisor::tell_end(const worker_end& end) {
    const bool killed = end.killed && WIFSIGNALED(end.status);
    if (end.status == 0 || (killed && end.killed->interrupted)) {
        return;
    }
    outcome_.troubles.push_back("worker " + places_[end.number].name + " failed as it ended: " +
                                (killed ? end.killed->death : end_of(end.status)) + "\n" +
                                files_->capture_of(end.number).text());
    if (WIFEXITED(end.status) && outcome_.status_of_workers == 0) {
        outcome_.status_of_workers = WEXITSTATUS(end.status);
    }
}

outcome supervisor::finish() {
    report_.clear();
    kill_orphans();
    if (const auto signal = signals_.take_pending(); signal && outcome_.interrupted_by == 0) {
        signals_.keep_requests();
        outcome_.interrupted_by = *signal; // the user is told so, and what was done nevertheless
    }
    for (std::size_t number = 0; number < seats_.size(); ++number) {
        const worker_record& record = files_->records.of_worker(number);
        outcome_.workers[number].cases = record.cases.load();
        outcome_.workers[number].tests = nanoseconds(record.tests.load());
    }
    outcome_.wall = clock::now() - begun_;
    report_.mark_told(outcome_);
    return std::move(outcome_);
}

} // namespace isolite::run
