#include "run/retries.hpp"

#include <doctest/doctest.h>

using isolite::results::case_result;
using isolite::results::test_case;
using isolite::results::verdict;
using isolite::run::retries;

namespace {

using positions = std::vector<std::size_t>;

/// Makes cases that need those cases.
std::vector<test_case> cases_that_need(const std::vector<positions>& needs) {
    std::vector<test_case> cases(needs.size());
    for (std::size_t position = 0; position < needs.size(); ++position) {
        cases[position].needs = needs[position];
    }
    return cases;
}

std::vector<case_result> results_of(const std::vector<verdict>& verdicts) {
    std::vector<case_result> results(verdicts.size());
    for (std::size_t position = 0; position < verdicts.size(); ++position) {
        results[position].verdict = verdicts[position];
    }
    return results;
}

const positions all{3, 2, 1, 0};

} // namespace

TEST_CASE("what failed is tried again so many times, in the order that it has") {
    const auto cases = cases_that_need({{}, {}, {}, {}});
    retries twice(cases, 2);
    const auto results =
        results_of({verdict::failed, verdict::passed, verdict::skipped, verdict::failed});
    CHECK(twice.choose(results));
    CHECK(twice.chosen_of(all) == positions{3, 0});
    CHECK(twice.chosen_of({0, 1}) == positions{0});
    CHECK(twice.choose(results));
    CHECK_FALSE(twice.choose(results));
    CHECK_FALSE(retries(cases, 0).choose(results));
}

TEST_CASE("what was skipped is tried again with what it needs, and with nothing else") {
    const auto cases = cases_that_need({{1}, {2}, {}, {3}});
    retries once(cases, 1);
    const auto results =
        results_of({verdict::skipped, verdict::skipped, verdict::failed, verdict::skipped});
    CHECK(once.choose(results));
    CHECK(once.chosen_of(all) == positions{2, 1, 0});
    CHECK_FALSE(once.choose(results));
}

TEST_CASE("what fails only when what it needs passes has all its retries") {
    const auto cases = cases_that_need({{}, {0}});
    retries once(cases, 1);
    CHECK(once.choose(results_of({verdict::failed, verdict::skipped})));
    CHECK(once.choose(results_of({verdict::passed, verdict::failed})));
    CHECK(once.chosen_of({0, 1}) == positions{1});
    CHECK_FALSE(once.choose(results_of({verdict::passed, verdict::failed})));
}
