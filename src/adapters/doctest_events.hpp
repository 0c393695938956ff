#pragma once

#include "run/event.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

/// What a worker records of doctest, and how it is said again in the parent.
namespace isolite::doc_test {

enum event_kind : std::uint8_t {
    passed_event = 16,   ///< the number of assertions that passed in a row
    assert_event,        ///< the data of an assertion, and each text of the context
    message_event,       ///< file, line, severity, text, and each text of the context
    exception_event,     ///< text, and each text of the context
    subcase_start_event, ///< name, file, line
    subcase_end_event,   ///< nothing
    reenter_event,       ///< nothing
    end_event,           ///< seconds, failure flags, success
};

[[nodiscard]] run::event event_of(const doctest::AssertData& assertion);
[[nodiscard]] run::event event_of(const doctest::MessageData& message);
[[nodiscard]] run::event event_of(const doctest::TestCaseException& exception);
[[nodiscard]] run::event event_of(const doctest::SubcaseSignature& subcase);
[[nodiscard]] run::event event_of(const doctest::CurrentTestCaseStats& stats);

/// Returns what people should read about a failed assertion.
[[nodiscard]] std::string explanation_of(const doctest::AssertData& assertion);

/// Writes these into what doctest reports of the case.
void set_stats(doctest::CurrentTestCaseStats& stats, const run::event& end);

/// Says one pass through a case, from `next` on, and throws what the case threw. Moves `next` to
/// the beginning of the next pass.
void say_pass(const std::vector<run::event>& events, std::size_t& next);

} // namespace isolite::doc_test
