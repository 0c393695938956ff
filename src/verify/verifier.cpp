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
    if (!declared_.empty()) {
        run_order(declared_, 1, "in their order");
        bounds_.usual(trials_.kept().front());
        std::vector<step> left = steps();
        // What is found has to be narrowed, too. Time that this did not take shows more.
        for (const int part : {4, 8}) {
            kept_for_causes_ = bounds_.budget / part;
            explore(left);
            find_causes();
        }
        result_.was_cut = !left.empty();
    }
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
        if (!is_found && !is_by_memory(victim)) {
            bounds_.tell("looking for causes");
            finding found = trials_.may_go_on() ? cause_of(victim, trials_, result_.findings)
                                                : unsure_of(victim, trials_);
            result_.findings.push_back(std::move(found));
        }
    }
}

/// Says whether a case goes with the addresses of memory, and adds the finding then.
bool verifier::is_by_memory(std::size_t victim) {
    auto found = by_memory(victim, bounds_, trials_);
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
bool verifier::run_in_conditions(const std::vector<run::condition>& held) {
    const experiment& usual = trials_.kept().front();
    if (!has_time_for(duration_of(usual))) {
        return false;
    }
    bounds_.tell("in other conditions");
    std::vector<std::size_t> order;
    std::copy_if(declared_.begin(), declared_.end(), std::back_inserter(order),
                 [this](std::size_t position) { return waiting_.count(position) == 0; });
    const experiment done = trials_.run({std::move(order), 1, held});
    result_.conditions.insert(result_.conditions.end(), held.begin(), held.end());
    for (const auto& [position, seen] : done.became) {
        const verdict before = usual.verdict_of(position);
        if (has_ended(seen.verdict) && has_ended(before) && seen.verdict != before) {
            auto& all = differing_[position];
            all.insert(all.end(), held.begin(), held.end());
        }
        if (seen.timed_out) { // which takes long, and need not be seen again
            waiting_.insert(position);
        }
    }
    return true;
}

void verifier::find_conditions() {
    std::set<std::size_t> known;
    for (const finding& each : result_.findings) {
        known.insert(each.victim);
    }
    for (const auto& [victim, held] : differing_) {
        if (known.count(victim) == 0 && !is_by_memory(victim)) {
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
    return trials_.may_go_on() && bounds_.left() - estimate > kept_for_causes_;
}

void verifier::run_order(std::vector<std::size_t> order, unsigned workers,
                         const std::string& name) {
    bounds_.tell(name);
    trials_.keep({std::move(order), workers});
    (workers > 1 ? result_.in_parallel : result_.orders) += 1;
}

/// Runs all cases twice in one process: but for those in which a process ends.
bool verifier::run_twice() {
    const experiment& usual = trials_.kept().front();
    std::vector<std::size_t> order;
    std::copy_if(declared_.begin(), declared_.end(), std::back_inserter(order),
                 [&usual](std::size_t position) {
                     const auto seen = usual.became.find(position);
                     return seen != usual.became.end() && !seen->second.died;
                 });
    if (order.empty()) {
        return true;
    }
    if (!has_time_for(duration_of(usual) * 2)) {
        return false;
    }
    bounds_.tell("twice in one process");
    const std::vector<std::size_t> once = order;
    order.insert(order.end(), once.begin(), once.end());
    trials_.keep({std::move(order), 1});
    ++result_.twice;
    return true;
}

/// Returns what is run beside all cases in their order, those first that tell most.
std::vector<verifier::step> verifier::steps() {
    const nanoseconds whole = duration_of(trials_.kept().front());
    std::vector<step> all;
    const auto add = [&](std::vector<std::size_t> order, unsigned workers, std::string name) {
        all.emplace_back([this, whole, workers, order = std::move(order), name = std::move(name)] {
            const bool has_time = has_time_for(whole / workers);
            if (has_time) {
                run_order(order, workers, name);
            }
            return has_time;
        });
    };
    add({declared_.rbegin(), declared_.rend()}, 1, "in reverse");
    add(declared_, 2, "by 2 workers");
    const auto add_shuffles = [&](unsigned first, unsigned end) {
        for (unsigned i = first; i < end; ++i) {
            add(shuffled(declared_, bounds_.seed + i), 1, "shuffled");
        }
    };
    const unsigned soon = std::min(bounds_.shuffles, 1U);
    add_shuffles(0, soon);
    for (const auto& held : bounds_.conditions) {
        all.emplace_back([this, &held] { return run_in_conditions(held); });
    }
    if (!bounds_.is_alone_last) {
        all.emplace_back([this] { return run_alone(); });
    }
    if (bounds_.may_repeat) {
        all.emplace_back([this] { return run_twice(); });
    }
    add_shuffles(soon, bounds_.shuffles);
    add(declared_, bounds_.most_workers, "by " + std::to_string(bounds_.most_workers) + " workers");
    for (unsigned i = 0; i < bounds_.shuffles_in_parallel; ++i) {
        add(shuffled(declared_, bounds_.seed + i), bounds_.most_workers, "shuffled, in parallel");
    }
    all.emplace_back([this, whole] {
        shuffle_more(whole);
        return true;
    });
    all.emplace_back([this, whole] {
        look_for_brief_overlaps(whole);
        return true;
    });
    if (bounds_.is_alone_last) {
        all.emplace_back([this] { return run_alone(); });
    }
    return all;
}

/// Takes those steps for which there is time.
void verifier::explore(std::vector<step>& steps) {
    steps.erase(std::remove_if(steps.begin(), steps.end(),
                               [this](const step& next) {
                                   find_causes_early();
                                   return next();
                               }),
                steps.end());
}

/// What three cases make together, in one order only, few orders show.
void verifier::shuffle_more(nanoseconds whole) {
    const nanoseconds end = bounds_.left() - bounds_.budget / 20;
    for (unsigned i = 0; i < bounds_.more_shuffles; ++i) {
        if (!has_time_for(whole) || bounds_.left() - whole < end) {
            return;
        }
        run_order(shuffled(declared_, bounds_.seed + bounds_.shuffles + i), 1, "shuffled");
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
bool verifier::run_alone() {
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
    return std::all_of(order.begin(), order.end(), [this](std::size_t position) {
        const bool has_time = has_time_for(nanoseconds(0));
        if (has_time) {
            static_cast<void>(trials_.alone(position));
        }
        return has_time;
    });
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
