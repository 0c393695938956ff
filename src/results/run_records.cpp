#include "results/run_records.hpp"

#include "ledger/ledger.hpp"
#include "ledger/record_line.hpp"

#include <cstdint>

namespace isolite::results {

void record_death(const std::string& worker, unsigned incarnation, pid_t process,
                  const std::string& death, const std::string& test) {
    records::ledger::of_process().record("death", [&](records::record_line& line) {
        line.add("worker", worker)
            .add("incarnation", std::int64_t(incarnation))
            .add("pid", std::int64_t(process))
            .add("text", death);
        if (!test.empty()) {
            line.add("test", test);
        }
    });
}

void record_results(const std::vector<test_case>& cases, const outcome& ended) {
    for (std::size_t position = 0; position < cases.size(); ++position) {
        const case_result& result = ended.results[position];
        const bool is_told = result.verdict == verdict::passed ||
                             result.verdict == verdict::failed ||
                             (result.verdict == verdict::skipped && result.attempts > 0);
        if (is_told && result.attempts == 1 && result.death.empty()) {
            continue;
        }
        records::ledger::of_process().record("result", [&](records::record_line& line) {
            line.add("id", static_cast<std::int64_t>(position))
                .add("test", cases[position].name)
                .add("verdict", name_of(result.verdict))
                .add("attempts", std::int64_t(result.attempts))
                .add("failures", std::int64_t(result.failures))
                .add("text", result.why)
                .add("died", result.death);
            if (result.attempts > 0) {
                line.add("worker", ended.workers[result.worker].name)
                    .add("ns", result.duration.count());
            }
        });
    }
}

} // namespace isolite::results
