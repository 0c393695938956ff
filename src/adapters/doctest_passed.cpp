#include "adapters/doctest_passed.hpp"

#include "adapters/doctest_events.hpp"
#include "adapters/doctest_registry.hpp"

#include <algorithm>
#include <climits>

namespace isolite::doc_test {

namespace {

/// Says whether nothing is written of a case that passes without a word, and it does not matter
/// where in the run it comes.
bool passing_is_silent(const doctest::IReporter& listener) {
    const auto* const all = reporters_of_doctest();
    const doctest::ContextOptions& options = *doctest::getContextOptions();
    return all && !options.success && !options.duration && !options.force_colors &&
           options.abort_after == 0 && options.first == 0 && options.last == UINT_MAX &&
           std::all_of(all->begin(), all->end(), [&](const doctest::IReporter* each) {
               return each == &listener || is_of_doctest(*each, "ConsoleReporter");
           });
}

/// Says whether all that is known of a case are the numbers of its assertions.
bool is_silent(const results::case_result& result) {
    return result.verdict == results::verdict::passed &&
           std::all_of(result.events.begin(), result.events.end(), [](const results::event& event) {
               return event.kind == passed_event || event.kind == subcase_start_event ||
                      event.kind == subcase_end_event || event.kind == reenter_event ||
                      (event.kind == end_event && event.as<said_end>().failure_flags == 0);
           });
}

} // namespace

silent_cases leave_out_silent_cases(const std::vector<doctest::detail::TestCase*>& cases,
                                    const results::outcome& outcome,
                                    const doctest::IReporter& listener) {
    silent_cases left_out;
    // What failed outside of cases is said with the last case that doctest's console has heard of.
    const bool fails_outside =
        !outcome.failures_outside.empty() || !outcome.deaths_in_fixtures.empty();
    if (fails_outside || !passing_is_silent(listener)) {
        return left_out;
    }
    for (std::size_t position = 0; position < cases.size(); ++position) {
        if (!is_silent(outcome.results[position])) {
            continue;
        }
        cases[position]->m_skip = true;
        ++left_out.cases;
        for (const results::event& event : outcome.results[position].events) {
            left_out.assertions += event.kind == passed_event ? event.as<unsigned long>() : 0;
        }
    }
    if (left_out.cases > 0) {
        options_of_doctest().no_skip = false;
    }
    return left_out;
}

} // namespace isolite::doc_test
