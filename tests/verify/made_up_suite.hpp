#pragma once

#include "verify/verifier.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

/// A suite without processes. What its cases leave in a process is a set of words.
struct made_up_suite {
    struct process {
        std::set<std::string> left;
        bool is_beside(std::size_t position) const {
            return std::find(others.begin(), others.end(), position) != others.end();
        }
        std::vector<std::size_t> others; ///< in the experiment, if it is one of several workers
    };
    using body = std::function<bool(process&)>; ///< returns whether it passes

    explicit made_up_suite(std::size_t count) : bodies(count, [](process&) { return true; }) {}

    isolite::verify::verification verify(std::size_t most_experiments = 100000) {
        isolite::verify::bounds bounds = wanted;
        bounds.cases = bodies.size();
        bounds.budget = std::chrono::seconds(1);
        bounds.needs = needs;
        bounds.failed_before = failed_before;
        bounds.left = [this, most_experiments] {
            const std::chrono::nanoseconds all = std::chrono::seconds(1);
            const auto slowness = static_cast<std::int64_t>(costs * runs_of_cases);
            return experiments < most_experiments ? std::max(all - all * slowness / 1000, all - all)
                                                  : all - all;
        };
        return isolite::verify::verifier(
                   [this](const isolite::verify::plan& plan) { return run(plan); }, bounds)
            .verify();
    }

    isolite::verify::experiment run(const isolite::verify::plan& plan) {
        ++experiments;
        plans.push_back(plan);
        isolite::verify::experiment done;
        done.workers = plan.workers;
        done.order = plan.order;
        done.begins = knows_begins ? std::vector<std::size_t>{0} : std::vector<std::size_t>();
        process process;
        if (plan.workers > 1) {
            process.others = plan.order;
        }
        runs_of_cases += plan.order.size();
        for (const std::size_t position : plan.order) {
            const bool is_again = done.became.count(position) > 0;
            auto& seen = done.became[position];
            seen.earlier_runs += is_again ? 1 : 0;
            seen.earlier_failures +=
                is_again && seen.verdict == isolite::results::verdict::failed ? 1 : 0;
            seen.verdict = bodies[position](process) ? isolite::results::verdict::passed
                                                     : isolite::results::verdict::failed;
            seen.why = seen.verdict == isolite::results::verdict::failed
                           ? "it was told to" + said(process)
                           : "";
            seen.databases = {{"shop", {}, changed(process)}};
            seen.duration = std::chrono::seconds(sleepers.count(position));
            seen.died = position == dying && seen.verdict == isolite::results::verdict::failed;
            process.left = seen.died ? std::set<std::string>() : process.left;
            if (position == teller) {
                seen.traces.push_back(
                    {isolite::verify::trace::what::variable, "SHOP", "sets the variable SHOP"});
            }
        }
        return done;
    }

    std::vector<body> bodies;
    /// What cases say when they fail, and what they change in their databases.
    std::function<std::string(process&)> said = [](process&) { return ""; };
    std::function<std::uint64_t(process&)> changed = [](process&) { return 1; };
    std::set<std::size_t> sleepers; ///< cases that take a second
    std::vector<std::vector<std::size_t>> needs;
    std::vector<bool> failed_before;
    isolite::verify::bounds wanted;
    bool knows_begins = false; ///< of processes: one for each experiment
    std::size_t experiments = 0;
    std::size_t runs_of_cases = 0;
    std::size_t costs = 0; ///< what each of these takes of the budget, in thousandths
    std::vector<isolite::verify::plan> plans;
    std::size_t dying = SIZE_MAX;  ///< a case whose process ends where it fails
    std::size_t teller = SIZE_MAX; ///< a case that leaves something that shows
};

inline made_up_suite::body leaves(const std::string& word) {
    return [word](made_up_suite::process& in) {
        in.left.insert(word);
        return true;
    };
}

inline made_up_suite::body removes(const std::string& word) {
    return [word](made_up_suite::process& in) {
        in.left.erase(word);
        return true;
    };
}

inline made_up_suite::body fails_with(const std::vector<std::string>& words) {
    return [words](made_up_suite::process& in) {
        return !std::all_of(words.begin(), words.end(),
                            [&](const std::string& word) { return in.left.count(word) > 0; });
    };
}

inline made_up_suite::body needs(const std::string& word) {
    return [word](made_up_suite::process& in) { return in.left.count(word) > 0; };
}
