#include "adapters/doctest_events.hpp"

#include <sstream>

namespace isolite::doc_test {

namespace {

std::string text(const doctest::String& string) {
    return {string.c_str(), string.size()};
}

std::string text(const char* string) {
    return string ? string : "";
}

/// Returns what INFO and CAPTURE said.
std::vector<std::string> active_contexts() {
    std::vector<std::string> said;
    const auto* const* const scopes = doctest::IReporter::get_active_contexts();
    for (int i = 0; i < doctest::IReporter::get_num_active_contexts(); ++i) {
        std::ostringstream stream;
        scopes[i]->stringify(&stream);
        said.push_back(stream.str());
    }
    return said;
}

} // namespace

results::event event_of(const doctest::AssertData& assertion) {
    std::string exception = text(assertion.m_exception);
    if (exception.size() >= 2) {
        exception = exception.substr(1, exception.size() - 2); // doctest has quoted it
    }
    return results::event::of(
        assert_event, said_assert{assertion.m_at, text(assertion.m_file), assertion.m_line,
                                  text(assertion.m_expr), assertion.m_failed, assertion.m_threw,
                                  assertion.m_threw_as, exception, text(assertion.m_decomp),
                                  text(assertion.m_exception_type),
                                  text(assertion.m_exception_string.c_str()), active_contexts()});
}

results::event event_of(const doctest::MessageData& message) {
    return results::event::of(message_event,
                              said_message{message.m_severity, text(message.m_file), message.m_line,
                                           text(message.m_string), active_contexts()});
}

results::event event_of(const doctest::TestCaseException& exception) {
    said_exception said{text(exception.error_string), {}};
    const doctest::String* const contexts = doctest::IReporter::get_stringified_contexts();
    // The innermost was left first.
    for (int i = doctest::IReporter::get_num_stringified_contexts(); i > 0; --i) {
        said.contexts.push_back(text(contexts[i - 1]));
    }
    return results::event::of(exception_event, said);
}

results::event event_of(const doctest::SubcaseSignature& subcase) {
    return results::event::of(
        subcase_start_event,
        said_subcase{text(subcase.m_name), text(subcase.m_file), subcase.m_line});
}

results::event event_of(const doctest::CurrentTestCaseStats& stats) {
    return results::event::of(end_event,
                              said_end{stats.seconds, stats.failure_flags, stats.testCaseSuccess});
}

std::string explanation_of(const doctest::AssertData& assertion) {
    std::string said = text(assertion.m_file) + "(" + std::to_string(assertion.m_line) +
                       "): " + doctest::assertString(assertion.m_at) + "( " +
                       text(assertion.m_expr) + " ) is NOT correct!";
    if (assertion.m_threw) {
        said += " It threw " + text(assertion.m_exception);
    } else if (assertion.m_decomp.size() > 0) {
        said += " Values: ( " + text(assertion.m_decomp) + " )";
    }
    return said;
}

void set_stats(doctest::CurrentTestCaseStats& stats, const results::event& end) {
    const auto said = end.as<said_end>();
    stats.seconds = said.seconds;
    // `--abort-after` counts the failures of all workers, only here, and cuts the case off.
    if ((stats.failure_flags & doctest::TestCaseFailureReason::TooManyFailedAsserts) == 0) {
        stats.failure_flags = said.failure_flags;
    }
    stats.testCaseSuccess = said.success;
}

} // namespace isolite::doc_test
