#pragma once

#include "adapters/catch2_versions.hpp"
#include "results/event.hpp"

#include <cstdint>
#include <string>
#include <string_view>
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
    last_message_event,    ///< what was said around a crash, one of all: said_message
    body_end_event,        ///< Catch2 catches no output any more
    crash_event,           ///< where the case was then: said_assertion, without its end
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
template <typename Text>
struct message_of {
    Text macro;
    Text file;
    std::size_t line;
    Catch::ResultWas::OfType type;
    Text text;

    template <typename Self>
    static auto fields(Self& self) {
        return std::tie(self.macro, self.file, self.line, self.type, self.text);
    }
};
using said_message = message_of<std::string>;

template <typename Text>
struct assertion_of {
    Text macro;
    Text file;
    std::size_t line;
    Text expression;
    Catch::ResultDisposition::Flags disposition;
    Catch::ResultWas::OfType type;
    Text text;
    Text expanded;
    std::vector<message_of<Text>> messages;
    Catch::Totals totals; ///< of the case so far
};
using said_assertion = assertion_of<std::string>;

/// The same, as Catch2 has it: it is recorded without taking memory.
using shown_message = message_of<std::string_view>;
using shown_assertion = assertion_of<std::string_view>;

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

/// Returns what a crash interrupts: what was said, and the last assertion or section that began.
[[nodiscard]] shown_message shown(const Catch::MessageInfo& message);
[[nodiscard]] shown_assertion shown(const Catch::AssertionInfo& last, const Catch::Totals& totals);

/// Says whether what an assertion says explains how its case ended.
[[nodiscard]] bool explains(const Catch::AssertionResult& result);

/// Returns what people should read about a failed assertion.
[[nodiscard]] std::string explanation_of(const Catch::AssertionResult& result);

} // namespace isolite::catch2
