#include "verify/trials.hpp"

#include "run/passes.hpp"

#include <algorithm>
#include <utility>

namespace isolite::verify {

using results::verdict;

namespace {

/// How often a difference must show to be believed.
constexpr unsigned confirmations = 3;

/// Adds what a case leaves, each different trace once.
void add_traces(const std::vector<trace>& more, std::vector<trace>& known) {
    for (const trace& each : more) {
        const auto is_same = [&each](const trace& other) {
            const bool is_made = other.kind == trace::what::file && each.is_of_file();
            return other.name == each.name && (other.kind == each.kind || is_made);
        };
        if (std::none_of(known.begin(), known.end(), is_same)) {
            known.push_back(each);
        }
    }
}

} // namespace

bool has_ended(verdict became) {
    return became == verdict::passed || became == verdict::failed || became == verdict::skipped;
}

bool has(const std::vector<std::size_t>& some, std::size_t wanted) {
    return std::find(some.begin(), some.end(), wanted) != some.end();
}

std::vector<std::size_t> with(std::vector<std::size_t> some, std::size_t last) {
    some.push_back(last);
    return some;
}

trials::trials(experimenter run, const bounds& bounds)
    : run_(std::move(run)), bounds_(bounds), tallies_(bounds.cases), alone_(bounds.cases, nullptr) {
}

experiment trials::run(plan plan) {
    if (!bounds_.needs.empty()) {
        std::vector<std::size_t> all;
        for (const std::vector<std::size_t>& pass : run::passes_of(plan.order)) {
            std::vector<std::size_t> order;
            for (const std::size_t position : pass) {
                add_with_needs(position, order);
            }
            all.insert(all.end(), order.begin(), order.end());
        }
        plan.order = std::move(all);
    }
    experiment done = run_(plan);
    note(done);
    return done;
}

const experiment& trials::keep(plan plan) {
    kept_.push_back(run(std::move(plan)));
    return kept_.back();
}

void trials::add_with_needs(std::size_t position, std::vector<std::size_t>& order) const {
    if (!has(order, position)) {
        for (const std::size_t needed : bounds_.needs[position]) {
            add_with_needs(needed, order);
        }
        order.push_back(position);
    }
}

void trials::note(const experiment& done) {
    ++count_;
    for (const auto& [position, seen] : done.became) {
        if (!has_ended(seen.verdict)) {
            continue;
        }
        tally& all = tallies_[position];
        all.timed_out = all.timed_out || seen.timed_out;
        const std::size_t failures =
            seen.earlier_failures + (seen.verdict == verdict::failed ? 1 : 0);
        const bool recovers = seen.earlier_failures > 0 && seen.verdict != verdict::failed;
        all.has_recovered =
            all.has_recovered || recovers || (all.failures > 0 && failures < seen.earlier_runs + 1);
        all.runs += seen.earlier_runs + 1;
        all.failures += failures;
        all.failures_beside += done.workers > 1 ? failures : 0;
        if (failures > 0 && all.why.empty()) {
            all.why = seen.why;
        }
        if (done.workers == 1 && done.conditions.empty()) { // or they may be another one's
            add_traces(seen.traces, all.traces);
        }
    }
}

bool trials::is_repeatable(const plan& plan, std::size_t victim, verdict expected) {
    return is_repeatable(plan, [victim, expected](const experiment& done) {
        return done.verdict_of(victim) == expected;
    });
}

bool trials::is_repeatable(const plan& plan,
                           const std::function<bool(const experiment&)>& is_expected) {
    for (unsigned i = 0; i < confirmations && may_go_on(); ++i) {
        if (!is_expected(run(plan))) {
            return false;
        }
    }
    return may_go_on();
}

bool trials::differ_each_time(const plan& one, verdict in_one, const plan& other, verdict in_other,
                              std::size_t victim) {
    for (unsigned turn = 0; turn < 2; ++turn) {
        if (!is_repeatable(one, victim, in_one) || !is_repeatable(other, victim, in_other)) {
            return false;
        }
    }
    return true;
}

const experiment* trials::shortest_in_which(const std::function<bool(const observation&)>& is_so,
                                            std::size_t position) const {
    const experiment* best = nullptr;
    for (const experiment& each : kept_) {
        const auto seen = each.became.find(position);
        if (each.workers == 1 && seen != each.became.end() && is_so(seen->second) &&
            (best == nullptr || each.before(position).size() < best->before(position).size())) {
            best = &each;
        }
    }
    return best;
}

const observation* trials::seen_alone(std::size_t position) {
    if (alone_[position] == nullptr) {
        const experiment& done = keep({{position}, 1});
        if (has_ended(done.verdict_of(position))) {
            alone_[position] = &done.became.at(position);
            ++run_alone_;
        }
    }
    return alone_[position];
}

verdict trials::alone(std::size_t position) {
    const observation* const seen = seen_alone(position);
    return seen == nullptr ? verdict::not_run : seen->verdict;
}

} // namespace isolite::verify
