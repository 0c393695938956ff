#include "results/run_records.hpp"

#include "ledger/ledger.hpp"
#include "ledger/record_line.hpp"
#include "os/signal_name.hpp"
#include "text/long_text.hpp"

#include <cstdint>
#include <string_view>

namespace isolite::results {

namespace {

void record_text(std::string_view kind, const std::string& text) {
    records::ledger::of_process().record(
        kind, [&](records::record_line& line) { line.add("text", text::without_middle(text)); });
}

/// Keeps records of what went wrong outside of cases, and of what stopped the run.
void record_troubles(const outcome& ended) {
    for (const fixture_death& each : ended.deaths_in_fixtures) {
        record_text("trouble", each.text());
    }
    for (const std::string& each : ended.troubles) {
        record_text("trouble", each);
    }
    if (ended.interrupted_by != 0) {
        record_text("stopped", os::name_of_signal(ended.interrupted_by) + " stopped the run");
    }
}

void record_result(std::size_t position, const test_case& known, const outcome& ended) {
    const case_result& result = ended.results[position];
    records::ledger::of_process().record("result", [&](records::record_line& line) {
        line.add("id", static_cast<std::int64_t>(position))
            .add("test", known.name)
            .add("verdict", name_of(result.verdict))
            .add("attempts", std::int64_t(result.attempts))
            .add("failures", std::int64_t(result.failures))
            .add("text", result.why)
            .add("died", result.death);
        if (!result.death.empty() && !result.output.empty()) { // its worker could not tell it
            line.add("output", records::output_to_record(result.output));
        }
        if (result.timed_out) {
            line.add("timed_out", std::int64_t(1));
        }
        if (result.attempts > 0) {
            line.add("worker", ended.workers[result.worker].name)
                .add("ns", result.duration.count());
        }
    });
}

} // namespace

void record_death(const worker_death& died) {
    records::ledger::of_process().record("death", [&](records::record_line& line) {
        line.add("worker", died.worker)
            .add("incarnation", std::int64_t(died.incarnation))
            .add("pid", std::int64_t(died.process))
            .add("text", died.death);
        if (!died.test.empty()) {
            line.add("test", died.test);
        }
        if (died.timed_out) {
            line.add("timed_out", std::int64_t(1));
        }
    });
}

void record_trouble(const outside_failure& failure) {
    record_text("trouble", (failure.suite.empty() ? "" : failure.suite + ": ") + failure.why);
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
        record_result(position, cases[position], ended);
    }
    record_troubles(ended);
}

void record_all_results(const std::vector<test_case>& cases, const outcome& ended) {
    for (std::size_t position = 0; position < cases.size(); ++position) {
        record_result(position, cases[position], ended);
    }
    record_troubles(ended);
}

void record_failures_outside(const outcome& ended) {
    for (const outside_failure& each : ended.failures_outside) {
        record_trouble(each);
    }
}

} // namespace isolite::results
