#include "verify/verification_run.hpp"

#include "os/own_process.hpp"
#include "results/past_runs.hpp"
#include "verify/again.hpp"
#include "verify/conditions_to_try.hpp"
#include "verify/laboratory.hpp"
#include "verify/report.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace isolite::verify {

namespace {

constexpr unsigned more_shuffles = 7;

/// Fails where somebody asks for what a verification decides itself.
result<void> check_options(const run::options& options) {
    const std::array<std::pair<const char*, bool>, 6> others = {
        {{"--in-order", !options.order.empty()},
         {"--in-condition", !options.conditions.empty()},
         {"--failed", options.only_failed},
         {"--repeat", options.repeat > 1},
         {"--retries", options.retries > 0},
         {"--maxfail", options.max_failures > 0}}};
    for (const auto& [name, is_given] : others) {
        if (is_given) {
            return tl::unexpected(
                error{errc::usage,
                      std::string("verify the suite with ") + name +
                          ": a verification chooses itself what runs, and how often",
                      std::string("leave out ") + name});
        }
    }
    return {};
}

/// Completes what is told of culprits that leave a database behind by what they leave in it.
void look_into_databases(verification& all, laboratory& laboratory, const bounds& bounds) {
    std::set<std::size_t> culprits;
    for (const finding& each : all.findings) {
        culprits.insert(each.culprits.begin(), each.culprits.end());
    }
    for (leftover& each : all.leftovers) {
        const auto is_file = [](const trace& one) {
            return one.is_of_file() || one.kind == trace::what::temporary;
        };
        if (culprits.count(each.position) == 0 || bounds.left().count() == 0 ||
            std::none_of(each.traces.begin(), each.traces.end(), is_file)) {
            continue;
        }
        const auto left = laboratory.databases_left_by(each.position);
        for (trace& one : each.traces) {
            const auto found = left.find(one.name);
            if (is_file(one) && found != left.end() && !found->second.empty()) {
                one.sentence += " (" + found->second + ")";
            }
        }
    }
}

} // namespace

result<role> verify(const std::vector<results::test_case>& cases, const run::options& options,
                    const std::function<std::string(const std::vector<std::string>&)>& command) {
    if (auto sound = check_options(options); !sound) {
        return tl::unexpected(sound.error());
    }
    auto opened = laboratory::open(cases, options);
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    laboratory& laboratory = *opened;
    verification_course course;
    course.run = [&](const plan& plan) { return laboratory.run(plan); };
    course.bounds.cases = cases.size();
    course.bounds.most_workers = laboratory.most_workers();
    course.bounds.more_shuffles = more_shuffles;
    course.bounds.seed = options.shuffle.value_or(course.bounds.seed);
    course.bounds.needs = needs_of(cases);
    course.bounds.failed_before = results::past_runs::of(cases).failed;
    course.bounds.local_time = run::local_time_now();
    auto conditions = conditions_to_try::at(course.bounds.local_time, possible_conditions::here());
    course.bounds.conditions = std::move(conditions.parts);
    course.bounds.usual = [&](const experiment& usual) { laboratory.limit_times(usual); };
    course.budget = options.budget;
    course.is_stopped = [&] { return laboratory.interrupted_by() != 0 || laboratory.failure(); };
    course.look_closer = [&](verification& all, const bounds& bounds) {
        bounds.tell("looking into databases");
        look_into_databases(all, laboratory, bounds);
    };
    verification all;
    try {
        all = follow(course);
        all.untried = std::move(conditions.untried);
    } catch (const became_worker&) {
        return laboratory.take_worker();
    }
    laboratory.sort_files(all);
    laboratory.tidy_up();
    if (laboratory.failure()) {
        return tl::unexpected(*laboratory.failure());
    }
    all.interrupted_by = laboratory.interrupted_by();
    const auto again = [&](const finding& found) {
        return command(options_to_repeat(found, laboratory.cases()));
    };
    return role(tell(all, {cases, again, laboratory.put_aside()},
                     {false, options.verified_json, options.reports.junit, os::program_name()}));
}

} // namespace isolite::verify
