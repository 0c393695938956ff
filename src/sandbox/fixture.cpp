#include <isolite/fixture.hpp>

#include <SQLiteCpp/Database.h>

#include <exception>

#include <sys/time.h>

namespace isolite {

namespace {

struct timer {
    const char* name;
    decltype(ITIMER_REAL) which;
};

constexpr timer timers[] = {
    {"ITIMER_REAL", ITIMER_REAL}, {"ITIMER_VIRTUAL", ITIMER_VIRTUAL}, {"ITIMER_PROF", ITIMER_PROF}};

constexpr std::int64_t second = 1'000'000; // microseconds

std::int64_t microseconds(const ::timeval& time) noexcept {
    return time.tv_sec * second + time.tv_usec;
}

::timeval time_of(std::int64_t microseconds) noexcept {
    return {microseconds / second, microseconds % second};
}

/// What is left of each timer of the process, alarm() among them, and its interval; 0 for none.
using process_timers = std::array<std::int64_t, 6>;

/// Reads the timers. It takes system calls, so that fixtures do it, and not every session.
process_timers read_timers() noexcept {
    process_timers found{};
    for (std::size_t i = 0; i < std::size(timers); ++i) {
        ::itimerval now{};
        ::getitimer(timers[i].which, &now);
        found[2 * i] = microseconds(now.it_value);
        found[2 * i + 1] = microseconds(now.it_interval);
    }
    return found;
}

/// Stops those that were not running, and starts those that were. Returns a clause for each, which
/// reads after "it".
std::vector<std::string> restore_timers(const process_timers& found) {
    std::vector<std::string> clauses;
    const process_timers now = read_timers();
    for (std::size_t i = 0; i < std::size(timers); ++i) {
        const bool is_running = now[2 * i] != 0;
        if (is_running != (found[2 * i] != 0)) {
            clauses.push_back(std::string(is_running ? "left the timer " : "stopped the timer ") +
                              timers[i].name + (is_running ? " running" : ""));
            const ::itimerval before{time_of(found[2 * i + 1]), time_of(found[2 * i])};
            ::setitimer(timers[i].which, &before, nullptr);
        }
    }
    return clauses;
}

/// Returns what a result holds; set-up that failed ends the test.
template <typename Value>
Value taken(result<Value> from) {
    if (!from) {
        throw setup_error(from.error().text());
    }
    return std::move(*from);
}

} // namespace

fixture::fixture(framework& framework, const result<engine*>& opened, mode mode)
    : framework_(framework), engine_(*taken(opened)),
      session_(taken(session::open(engine_, framework.current_test(),
                                   framework.chosen_mode().value_or(mode)))),
      timers_(read_timers()), exceptions_(std::uncaught_exceptions()), is_test_(true) {}

fixture::fixture(framework& framework, const result<engine*>& opened, const std::string& suite)
    : framework_(framework), engine_(*taken(opened)),
      session_(taken(session::open(engine_, suite, mode::copy_on_write))),
      exceptions_(std::uncaught_exceptions()), is_test_(false) {}

fixture::~fixture() {
    try {
        const bool thrown = std::uncaught_exceptions() > exceptions_;
        if (is_test_ && (thrown || framework_.failing())) {
            if (const std::string kept = session_.keep_evidence(); !kept.empty()) {
                framework_.note(kept);
            }
        }
        if (const auto closed = session_.close(); !closed) {
            framework_.fail(closed.error().text());
        }
        for (const std::string& clause :
             is_test_ ? restore_timers(timers_) : std::vector<std::string>()) {
            framework_.fail(error{errc::leak,
                                  "end '" + framework_.current_test() + "': it " + clause,
                                  "undo in the test what it does to its process"}
                                .text());
        }
    } catch (const std::exception& problem) {
        framework_.fail(std::string("cannot close the session: ") + problem.what());
    }
}

std::string fixture::uri(std::string_view schema) const {
    return taken(engine_.uri(schema));
}

SQLite::Database fixture::connect(std::chrono::milliseconds busy_timeout) const {
    return taken(engine_.connect(busy_timeout));
}

} // namespace isolite
