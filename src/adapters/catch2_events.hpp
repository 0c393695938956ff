#pragma once

#include "adapters/catch2_versions.hpp"
#include "results/event.hpp"

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

/// What a worker records of Catch2.
namespace isolite::catch2 {

enum event_kind : std::uint8_t {
    part_event = 16,       ///< a pass through the case begins: said_part, without its end
    part_end_event,        ///< said_part
    section_event,         ///< said_section, without its end
    section_end_event,     ///< said_section
    assertion_start_event, ///< said_assertion, without its end
    assertion_event,       ///< said_assertion
    end_event,             ///< of a case: said_case
    benchmark_event,       ///< is prepared: its name
    benchmark_start_event, ///< said_benchmark, without its end
    benchmark_end_event,   ///< said_benchmark
    benchmark_fail_event,  ///< the text
};

/// The end of a case, or of one pass through it.
struct said_case {
    Catch::Totals totals; ///< of it alone
    std::string out;      ///< What it wrote, if the reporter wants to know.
    std::string err;
};

struct said_part {
    std::uint64_t number;
    said_case end;
};

struct said_section {
    std::string name;
    std::string file;
    std::size_t line;
    Catch::Counts assertions;
    double seconds;
    bool lacks_assertions;
};

/// What INFO, CAPTURE and their like said around an assertion.
struct said_message {
    std::string macro;
    std::string file;
    std::size_t line;
    Catch::ResultWas::OfType type;
    std::string text;
};

struct said_assertion {
    std::string macro;
    std::string file;
    std::size_t line;
    std::string expression;
    Catch::ResultDisposition::Flags disposition;
    Catch::ResultWas::OfType type;
    std::string text;
    std::string expanded;
    std::vector<said_message> messages;
    Catch::Totals totals; ///< of the case so far
};

#if ISOLITE_CATCH2_VERSION == 3
struct said_benchmark {
    Catch::BenchmarkStats<> stats;

    template <typename Self>
    static auto fields(Self& self) {
        auto& of = self.stats;
        return std::tie(of.info.name, of.info.estimatedDuration, of.info.iterations,
                        of.info.samples, of.info.resamples, of.info.clockResolution,
                        of.info.clockCost, of.samples, of.mean, of.standardDeviation, of.outliers,
                        of.outlierVariance);
    }
};
#endif

[[nodiscard]] results::event event_of(const Catch::SectionInfo& section);
[[nodiscard]] results::event event_of(const Catch::SectionStats& stats);
[[nodiscard]] results::event event_of(const Catch::AssertionInfo& assertion);
[[nodiscard]] results::event event_of(const Catch::AssertionStats& stats);
[[nodiscard]] results::event event_of(const Catch::TestCaseStats& stats);
[[nodiscard]] results::event event_of_part(std::uint64_t number);
[[nodiscard]] results::event event_of_part(const Catch::TestCaseStats& stats, std::uint64_t number);

/// Returns what people should read about a failed assertion.
[[nodiscard]] std::string explanation_of(const Catch::AssertionResult& result);

} // namespace isolite::catch2
