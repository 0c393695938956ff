#include "suites/runs_of_process.hpp"

#include "results/reports.hpp"
#include "worker/process_exit.hpp"

#include <cstdlib>
#include <memory>

namespace isolite::suites {

namespace {

struct runs {
    std::unique_ptr<running_suite> latest;
    bool has_ended = false;
    int worst = 0;
};

runs& of_process() {
    static auto* const all = new runs; // needed at the exit
    return *all;
}

/// Lets the process end with the status that `conclude_runs` returns, if it is a worse one than the
/// framework's, which cannot be changed from a listener.
void conclude_at_exit() {
    ::on_exit(
        [](int status, void* /*nothing*/) {
            const int wanted = conclude_runs();
            if (wanted != status && (status == 0 || wanted > results::first_of_signals)) {
                workers::leave_process(wanted);
            }
        },
        nullptr);
}

} // namespace

running_suite& begin_run(adapter& adapter) {
    static_cast<void>(conclude_runs());
    of_process().latest = std::make_unique<running_suite>(adapter);
    of_process().has_ended = false;
    return *of_process().latest;
}

running_suite* latest_run() {
    return of_process().latest.get();
}

void end_run() {
    of_process().has_ended = true;
    conclude_at_exit(); // for each run: what it registered for an early exit comes later
}

int conclude_runs() {
    runs& all = of_process();
    if (all.latest && all.has_ended) {
        all.worst = std::max(all.worst, all.latest->conclude());
        all.latest.reset();
    }
    return all.worst;
}

void fail_to_start(const error& problem) {
    warnings::complain(problem.text());
    std::exit(EXIT_FAILURE);
}

} // namespace isolite::suites
