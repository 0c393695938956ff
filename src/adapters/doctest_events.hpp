#pragma once

#include "results/event.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

/// What a worker records of doctest.
namespace isolite::doc_test {

enum event_kind : std::uint8_t {
    passed_event = 16,   ///< the number of assertions that passed in a row: unsigned long
    assert_event,        ///< said_assert
    message_event,       ///< said_message
    exception_event,     ///< said_exception
    subcase_start_event, ///< said_subcase
    subcase_end_event,   ///< nothing
    reenter_event,       ///< nothing
    end_event,           ///< of a case: said_end
};

// What events say. A context is what INFO and CAPTURE said around it.

struct said_assert {
    doctest::assertType::Enum kind;
    std::string file;
    int line;
    std::string expression;
    bool failed;
    bool threw;
    bool threw_as;
    std::string exception; ///< what was thrown
    std::string values;
    std::string exception_type; ///< that was to be thrown
    std::string exception_text;
    std::vector<std::string> contexts;
};

struct said_message {
    doctest::assertType::Enum severity;
    std::string file;
    int line;
    std::string text;
    std::vector<std::string> contexts;
};

struct said_exception {
    std::string text;
    std::vector<std::string> contexts;
};

struct said_subcase {
    std::string name;
    std::string file;
    int line;
};

struct said_end {
    double seconds;
    int failure_flags;
    bool success;
};

[[nodiscard]] results::event event_of(const doctest::AssertData& assertion);
[[nodiscard]] results::event event_of(const doctest::MessageData& message);
[[nodiscard]] results::event event_of(const doctest::TestCaseException& exception);
[[nodiscard]] results::event event_of(const doctest::SubcaseSignature& subcase);
[[nodiscard]] results::event event_of(const doctest::CurrentTestCaseStats& stats);

/// Returns what people should read about a failed assertion.
[[nodiscard]] std::string explanation_of(const doctest::AssertData& assertion);

/// Writes these into what doctest reports of the case.
void set_stats(doctest::CurrentTestCaseStats& stats, const results::event& end);

} // namespace isolite::doc_test
