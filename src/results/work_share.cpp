#include "results/work_share.hpp"

#include "text/utf8.hpp"
#include "text/words.hpp"

#include <chrono>
#include <cstddef>

namespace isolite::results {

namespace {

using std::chrono::nanoseconds;

/// Less is nothing that anybody could win.
constexpr std::chrono::milliseconds worth_a_look(100);

std::string share_of_fixtures(const outcome& run) {
    constexpr int most = 10; // the tenth part
    const nanoseconds fixtures = run.costs.time_in_fixtures();
    nanoseconds all = fixtures;
    for (const records::worker_account& worker : run.workers) {
        all += worker.tests;
    }
    return fixtures >= worth_a_look && most * fixtures > all
               ? "fixtures took " + text::percentage(fixtures, all) + " of all work"
               : "";
}

std::string share_of_slowest(const outcome& run, const std::vector<test_case>& cases) {
    constexpr std::size_t few = 4; // of which one always takes a quarter
    constexpr int most = 4;
    std::size_t slowest = 0;
    const auto time = [&run](std::size_t position) {
        return run.results[position].duration - run.results[position].fixtures;
    };
    std::size_t ran = 0;
    for (std::size_t position = 0; position < cases.size(); ++position) {
        slowest = time(position) > time(slowest) ? position : slowest;
        ran += run.results[position].attempts > 0 ? 1 : 0;
    }
    return ran > few && time(slowest) >= worth_a_look && most * time(slowest) > run.wall
               ? text::printable(cases[slowest].name) + " took " +
                     text::percentage(time(slowest), run.wall) + " of the run's time"
               : "";
}

} // namespace

std::string share_of_work(const outcome& run, const std::vector<test_case>& cases) {
    const std::string fixtures = share_of_fixtures(run);
    const std::string slowest = share_of_slowest(run, cases);
    return fixtures + (fixtures.empty() || slowest.empty() ? "" : ", ") + slowest;
}

} // namespace isolite::results
