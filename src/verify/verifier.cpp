#include "verify/verifier.hpp"

#include "verify/cause.hpp"
#include "verify/condition_search.hpp"
#include "verify/difference_search.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <random>
#include <utility>

namespace isolite::verify {

namespace {

using results::verdict;
using std::chrono::nanoseconds;

std::vector<std::size_t> shuffled(std::vector<std::size_t> order, std::uint64_t seed) {
    std::mt19937_64 dice(seed);
    for (std::size_t left = order.size(); left > 1; --left) {
        std::swap(order[left - 1], order[dice() % left]);
    }
    return order;
}

nanoseconds duration_of(const experiment& done) {
    return std::accumulate(
        done.became.begin(), done.became.end(), nanoseconds(0),
        [](nanoseconds sum, const auto& each) { return sum + each.second.duration; });
}

} // namespace

verifier::verifier(experimenter run, bounds bounds)
    : bounds_(std::move(bounds)), trials_(std::move(run), bounds_), declared_(bounds_.cases) {
    std::iota(declared_.begin(), declared_.end(), std::size_t(0));
    result_.cases = bounds_.cases;
}

verification verifier::verify() {
    explore();
    find_causes();
    find_conditions();
    find_differences(result_, trials_, [this] { bounds_.tell("looking for differences"); });
    sum_up();
    return std::move(result_);
}

/// Finds why cases differ that have more than one verdict by now, and of which nothing is found
/// yet.
void verifier::find_causes() {
    for (const std::size_t victim : suspects()) {
        const bool is_found =
            std::any_of(result_.findings.begin(), result_.findings.end(),
                        [victim](const finding& each) { return each.victim == victim; });
        if (!is_found && !is_by_addresses(victim)) {
            bounds_.tell("looking for causes");
            finding found = trials_.may_go_on() ? cause_of(victim, trials_, result_.findings)
                                                : unsure_of(victim, trials_);
            result_.findings.push_back(std::move(found));
        }
    }
}

/// Says whether a case goes with the addresses of memory, and adds the finding then.
bool verifier::is_by_addresses(std::size_t victim) {
    auto found = by_addresses(victim, bounds_, trials_);
    if (found) {
        result_.findings.push_back(*std::move(found));
    }
    return found.has_value();
}

/// Where orders take long, causes tell more than further orders.
void verifier::find_causes_early() {
    if (!has_searched_early_ && bounds_.left() < bounds_.budget * 3 / 4 && !suspects().empty()) {
        has_searched_early_ = true;
        find_causes();
    }
}

/// Runs all cases in other conditions, and notes in which of them each case was another one.
void verifier::run_in_conditions() {
    std::vector<std::size_t> order = declared_;
    for (const auto& held : bounds_.conditions) {
        const experiment& usual = trials_.kept().front();
        if (!has_time_for(duration_of(usual))) {
            result_.was_cut = true;
            break;
        }
        bounds_.tell("in other conditions");
        const experiment done = trials_.run({order, 1, held});
        result_.conditions.insert(result_.conditions.end(), held.begin(), held.end());
        for (const auto& [position, seen] : done.became) {
            const verdict before = usual.verdict_of(position);
            if (has_ended(seen.verdict) && has_ended(before) && seen.verdict != before) {
                auto& all = differing_[position];
                all.insert(all.end(), held.begin(), held.end());
            }
            if (seen.timed_out) { // which takes long, and need not be seen again
                order.erase(std::remove(order.begin(), order.end(), position), order.end());
            }
        }
    }
}

void verifier::find_conditions() {
    std::set<std::size_t> known;
    for (const finding& each : result_.findings) {
        known.insert(each.victim);
    }
    for (const auto& [victim, held] : differing_) {
        if (known.count(victim) == 0 && !is_by_addresses(victim)) {
            bounds_.tell("looking for conditions");
            found_in_conditions found = causes_in(held, victim, bounds_, trials_);
            std::move(found.findings.begin(), found.findings.end(),
                      std::back_inserter(result_.findings));
            if (found.has_two_clocks) {
                result_.with_two_clocks.push_back(victim);
            }
        }
    }
    for (finding& each : result_.findings) {
        if (each.kind == finding::what::unsure && each.is_smallest) {
            each = chance_of(each, bounds_, trials_);
        }
        result_.was_cut = result_.was_cut || !each.is_smallest;
    }
    std::stable_sort(
        result_.findings.begin(), result_.findings.end(),
        [](const finding& one, const finding& other) { return one.victim < other.victim; });
}

void verifier::sum_up() {
    const auto& tallies = trials_.tallies();
    for (finding& each : result_.findings) {
        each.timed_out = tallies[each.victim].timed_out;
    }
    for (std::size_t position = 0; position < tallies.size(); ++position) {
        const trials::tally& all = tallies[position];
        result_.runs.push_back(all.runs);
        if (all.runs > 0 && all.failures == all.runs) {
            result_.failed.push_back(position);
        }
        if (!all.traces.empty()) {
            result_.leftovers.push_back({position, all.traces});
        }
    }
    result_.usual.resize(bounds_.cases);
    if (!trials_.kept().empty()) {
        for (const auto& [position, seen] : trials_.kept().front().became) {
            result_.usual[position] = seen;
        }
    }
    result_.experiments = trials_.count();
    result_.run_alone = trials_.run_alone();
}

bool verifier::has_time_for(nanoseconds estimate) const {
    // What is found has to be narrowed, too.
    return trials_.may_go_on() && bounds_.left() - estimate > bounds_.budget / 4;
}

void verifier::run_order(std::vector<std::size_t> order, unsigned workers,
                         const std::string& name) {
    bounds_.tell(name);
    trials_.keep({std::move(order), workers});
    (workers > 1 ? result_.in_parallel : result_.orders) += 1;
}

/// Runs all cases twice in one process: but for those in which a process ends.
void verifier::run_twice() {
    const experiment& usual = trials_.kept().front();
    std::vector<std::size_t> once;
    std::copy_if(declared_.begin(), declared_.end(), std::back_inserter(once),
                 [&usual](std::size_t position) {
                     const auto seen = usual.became.find(position);
                     return seen != usual.became.end() && !seen->second.died;
                 });
    if (!bounds_.may_repeat || once.empty()) {
        return;
    }
    find_causes_early();
    if (!has_time_for(duration_of(usual) * 2)) {
        result_.was_cut = true;
        return;
    }
    bounds_.tell("twice in one process");
    std::vector<std::size_t> order = once;
    order.insert(order.end(), once.begin(), once.end());
    trials_.keep({std::move(order), 1});
    ++result_.twice;
}

void verifier::explore() {
    if (declared_.empty()) {
        return;
    }
    run_order(declared_, 1, "in their order");
    bounds_.usual(trials_.kept().front());
    const nanoseconds whole = duration_of(trials_.kept().front());
    const auto run_if_time = [&](std::vector<std::size_t> order, unsigned workers,
                                 const std::string& name) {
        find_causes_early();
        if (has_time_for(whole / workers)) {
            run_order(std::move(order), workers, name);
        } else {
            result_.was_cut = true;
        }
    };
    run_if_time({declared_.rbegin(), declared_.rend()}, 1, "in reverse");
    run_if_time(declared_, 2, "by 2 workers");
    run_in_conditions();
    run_twice();
    if (!bounds_.is_alone_last) {
        run_alone();
    }
    for (unsigned i = 0; i < bounds_.shuffles; ++i) {
        const std::uint64_t seed = bounds_.seed + i;
        run_if_time(shuffled(declared_, seed), 1, "shuffled");
    }
    run_if_time(declared_, bounds_.most_workers,
                "by " + std::to_string(bounds_.most_workers) + " workers");
    for (unsigned i = 0; i < bounds_.shuffles_in_parallel; ++i) {
        run_if_time(shuffled(declared_, bounds_.seed + i), bounds_.most_workers,
                    "shuffled, in parallel");
    }
    look_for_brief_overlaps(whole);
    if (bounds_.is_alone_last) {
        run_alone();
    }
}

void verifier::look_for_brief_overlaps(nanoseconds whole) {
    const nanoseconds end = bounds_.left() - bounds_.budget / part_for_brief;
    for (unsigned i = 0; i < bounds_.rounds_for_brief; ++i) {
        if (!has_time_for(whole / 2) || bounds_.left() < end) {
            return;
        }
        run_order(shuffled(declared_, bounds_.seed + bounds_.shuffles_in_parallel + i), 2,
                  "by 2 workers");
    }
}

/// Runs each case alone, as many as the budget allows: first those that have failed, now or before.
void verifier::run_alone() {
    std::vector<std::size_t> order = declared_;
    const auto goes_late = [this](std::size_t position) {
        const bool failed_before =
            !bounds_.failed_before.empty() && bounds_.failed_before[position];
        return trials_.tallies()[position].failures > 0 ? 0 : failed_before ? 1 : 2;
    };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
        return goes_late(one) < goes_late(other);
    });
    bounds_.tell("each alone");
    for (const std::size_t position : order) {
        if (!has_time_for(nanoseconds(0))) {
            result_.was_cut = true;
            return;
        }
        static_cast<void>(trials_.alone(position));
    }
}

/// Returns the cases with more than one verdict.
std::set<std::size_t> verifier::suspects() const {
    std::map<std::size_t, std::set<verdict>> verdicts;
    for (const experiment& done : trials_.kept()) {
        for (const auto& [position, seen] : done.became) {
            if (has_ended(seen.verdict)) {
                verdicts[position].insert(seen.verdict);
            }
        }
    }
    std::set<std::size_t> found;
    for (const auto& [position, all] : verdicts) {
        if (all.size() > 1) {
            found.insert(position);
        }
    }
    return found;
}

} // namespace isolite::verify
