#include "run/kill_reason.hpp"

#include "run/death.hpp"

namespace isolite::run {

using std::chrono::milliseconds;

kill_reason kill_reason::late_case(std::uint64_t running, milliseconds limit) {
    kill_reason reason;
    reason.running = running;
    reason.death = death_by_timeout(limit);
    reason.timed_out = true;
    return reason;
}

kill_reason kill_reason::late_fixture(const fixture_phase& fixture, milliseconds limit) {
    kill_reason reason;
    reason.death = death_by_timeout(limit, fixture.text());
    reason.timed_out = true;
    reason.fixture = fixture;
    return reason;
}

kill_reason kill_reason::late_end(milliseconds limit) {
    kill_reason reason;
    reason.death = overdue_end(limit);
    return reason;
}

kill_reason kill_reason::stopped_worker(std::uint64_t running, int signal) {
    kill_reason reason;
    reason.running = running;
    reason.death = death_by_stop(signal);
    return reason;
}

kill_reason kill_reason::stopped_run(int signal) {
    kill_reason reason;
    reason.death = interruption(signal);
    reason.interrupted = true;
    return reason;
}

} // namespace isolite::run
