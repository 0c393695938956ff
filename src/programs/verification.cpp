#include "programs/verification.hpp"

#include "os/process_facts.hpp"
#include "programs/laboratory.hpp"
#include "run/cores.hpp"
#include "verify/conditions_to_try.hpp"
#include "verify/verification_course.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

namespace isolite::programs {

namespace {

/// More than where cases can be run in reverse, and are dealt out one by one.
constexpr unsigned shuffles = 7;
constexpr unsigned shuffles_in_parallel = 4;
/// They take some milliseconds each.
constexpr unsigned rounds_for_brief = 40;
constexpr unsigned tries_of_pair = 40;

/// What would let a framework leave cases out, or run them several times, as somebody has set it
/// for ordinary runs.
void unset_variables() {
    for (const char* const each :
         {"GTEST_REPEAT", "GTEST_SHARD_INDEX", "GTEST_SHUFFLE", "GTEST_TOTAL_SHARDS"}) {
        os::unset_variable(each);
    }
}

result<int> verify_cases(const test_program& program, std::vector<listed_case> listed,
                         verify::workplace& place, const run::options& options, bool to_stderr) {
    std::vector<results::test_case> cases;
    verify::verification_course course;
    for (const listed_case& each : listed) {
        cases.push_back(each.known);
    }
    course.bounds.needs = verify::needs_of(cases);
    laboratory laboratory(program, std::move(listed), place, options);
    const auto end = std::chrono::steady_clock::now() + options.budget;
    const auto is_stopped = [&] {
        return laboratory.interrupted_by() != 0 || laboratory.failure().has_value();
    };
    laboratory.stop_seeking_when([end] { return std::chrono::steady_clock::now() > end; });
    course.run = [&](const verify::plan& plan) { return laboratory.run(plan); };
    course.bounds.cases = cases.size();
    course.bounds.most_workers =
        std::max(options.workers.value_or(0), std::max(run::usable_cores(), 2U));
    course.bounds.shuffles = shuffles;
    course.bounds.shuffles_in_parallel = shuffles_in_parallel;
    course.bounds.rounds_for_brief = rounds_for_brief;
    course.bounds.tries_of_pair = tries_of_pair;
    course.bounds.is_alone_last = true;
    course.bounds.may_repeat = false;
    auto conditions = verify::conditions_to_try::of_environment();
    course.bounds.conditions = std::move(conditions.parts);
    course.bounds.usual = [&](const verify::experiment& usual) { laboratory.limit_times(usual); };
    course.budget = options.budget;
    course.is_stopped = is_stopped;
    verify::verification all = verify::follow(course);
    all.untried = laboratory.untried();
    all.untried.insert(all.untried.end(), conditions.untried.begin(), conditions.untried.end());
    laboratory.remove_what_is_made_again();
    place.tidy_up();
    if (laboratory.failure()) {
        return tl::unexpected(*laboratory.failure());
    }
    all.interrupted_by = laboratory.interrupted_by();
    const auto again = [&](const verify::finding& found) { return laboratory.again(found); };
    return verify::tell(all, {cases, again, place.aside()},
                        {to_stderr, options.verified_json, options.reports.junit,
                         std::filesystem::path(program.words.front()).filename().string()})
        .status;
}

} // namespace

result<std::optional<int>> verify(const std::vector<std::string>& words,
                                  const run::options& options, bool to_stderr) {
    auto place = verify::workplace::open();
    if (!place) {
        return tl::unexpected(place.error());
    }
    const std::string answer = place->own() + "/answer.txt";
    const auto verify_it =
        [&](const std::optional<test_program>& program) -> result<std::optional<int>> {
        if (!program) {
            return std::nullopt;
        }
        unset_variables();
        return list(*program, answer).and_then([&](std::vector<listed_case> cases) {
            return verify_cases(*program, std::move(cases), *place, options, to_stderr)
                .map([](int status) { return std::optional(status); });
        });
    };
    auto done = look_at(words, answer).and_then(verify_it);
    if (!done || !*done) {
        place->tidy_up();
    }
    return done;
}

} // namespace isolite::programs
