#include "verify/condition_search.hpp"

#include "verify/cause.hpp"
#include "verify/narrowing.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <utility>

namespace isolite::verify {

using results::verdict;
using run::condition;

namespace {

using positions = std::vector<std::size_t>;
using conditions = std::vector<condition>;
using kind = condition::what;

/// How far a clock is shifted at least: what notices that has another clock.
constexpr std::int64_t short_while = 120; // s
/// A verdict that changes so near to the present time changes with the distance from it.
constexpr std::int64_t near = 600; // s

/// How many beginnings of random numbers are tried for a case that differs by chance.
constexpr unsigned most_seeds = 16;

condition clock_at(std::int64_t local) {
    return {kind::clock, run::text_of_time(local)};
}

/// The conditions of one case's difference.
class condition_search {
  public:
    condition_search(std::size_t victim, const bounds& bounds, trials& trials)
        : victim_(victim), bounds_(bounds), trials_(trials), usual_(trials.alone(victim)) {}

    [[nodiscard]] found_in_conditions run(const conditions& held) {
        if (!has_ended(usual_) || !trials_.is_repeatable({{victim_}, 1}, victim_, usual_)) {
            return {{unsure_of(victim_, trials_)}, false};
        }
        for (const condition& each : held) {
            if (!is_known(each.kind)) {
                try_alone(each);
            }
        }
        if (found_.findings.empty() && !found_.has_two_clocks) {
            found_.findings.push_back(together(held));
        }
        return std::move(found_);
    }

  private:
    [[nodiscard]] bool is_known(kind which) const {
        return std::any_of(found_.findings.begin(), found_.findings.end(),
                           [which](const finding& each) {
                               return each.conditions.front().kind == which;
                           }) ||
               (found_.has_two_clocks && which == kind::clock);
    }

    [[nodiscard]] bool is_other(verdict became) const {
        return has_ended(became) && became != usual_;
    }

    [[nodiscard]] observation in(const conditions& held, const positions& before = {}) const {
        const experiment done = trials_.run({with(before, victim_), 1, held});
        const auto seen = done.became.find(victim_);
        return seen == done.became.end() ? observation() : seen->second;
    }

    [[nodiscard]] bool is_repeatable(const conditions& held, verdict expected) const {
        return trials_.is_repeatable({{victim_}, 1, held}, victim_, expected);
    }

    /// Says whether the case is another one in these conditions each time, and else never.
    [[nodiscard]] bool differs_in(const conditions& held, verdict otherwise,
                                  const positions& before = {}) const {
        return trials_.differ_each_time({with(before, victim_), 1, held}, otherwise, {{victim_}, 1},
                                        usual_, victim_);
    }

    [[nodiscard]] finding made(const conditions& held, const observation& seen) const {
        finding made;
        made.kind = finding::what::within;
        made.victim = victim_;
        made.alone = usual_;
        made.otherwise = seen.verdict;
        made.why = seen.why;
        made.conditions = held;
        return made;
    }

    void try_alone(const condition& one) {
        const observation seen = in({one});
        if (!is_other(seen.verdict)) {
            return;
        }
        if (one.kind == kind::clock && (seen.timed_out || is_other_now(one))) {
            found_.has_two_clocks = true;
        } else if (differs_in({one}, seen.verdict)) {
            finding found = made({one}, seen);
            if (one.kind == kind::clock) {
                find_moment(found);
            } else if (one.kind == kind::rows) {
                find_statement(found);
            }
            if (!found_.has_two_clocks) {
                found_.findings.push_back(std::move(found));
            }
        }
    }

    /// Returns about the present time, on the side of the clock of a condition: what waits for a
    /// time that has passed does not wait.
    [[nodiscard]] std::int64_t now_beside(const condition& clock) const {
        const bool is_past = run::time_in(clock.value).value_or(0) < bounds_.local_time;
        return bounds_.local_time + (is_past ? -short_while : short_while);
    }

    /// Says whether the case is another one as soon as its clock is not the machine's, although
    /// hardly any time is different.
    [[nodiscard]] bool is_other_now(const condition& clock) const {
        return is_other(in({clock_at(now_beside(clock))}).verdict);
    }

    /// Halves the time between now and the one of the condition until a second separates the
    /// verdicts.
    void find_moment(finding& found) {
        const std::int64_t now = now_beside(found.conditions.front());
        std::int64_t as_usual = now;
        std::int64_t other = run::time_in(found.conditions.front().value).value_or(now);
        observation seen;
        while (std::abs(other - as_usual) > 1 && trials_.may_go_on()) {
            const std::int64_t half = as_usual + (other - as_usual) / 2;
            const observation tried = in({clock_at(half)});
            if (is_other(tried.verdict)) {
                other = half;
                seen = tried;
            } else {
                as_usual = half;
            }
        }
        if (!trials_.may_go_on()) {
            return;
        }
        found_.has_two_clocks = std::abs(other - now) < near;
        if (!found_.has_two_clocks && seen.verdict == found.otherwise &&
            is_repeatable({clock_at(other)}, seen.verdict) &&
            is_repeatable({clock_at(as_usual)}, usual_)) {
            found.conditions = {clock_at(other)};
            found.unlike = clock_at(as_usual);
            found.why = seen.why;
        }
    }

    /// Runs the case with rows in reverse for its first statements only.
    [[nodiscard]] observation with_reversed(std::size_t count) const {
        plan limited{{victim_}, 1, {{kind::rows, "reversed"}}};
        limited.reversed = count;
        const experiment done = trials_.run(limited);
        const auto seen = done.became.find(victim_);
        return seen == done.became.end() ? observation() : seen->second;
    }

    /// Finds the statement up to which rows must come in reverse for the other verdict.
    void find_statement(finding& found) const {
        const auto is_other_with = [&](std::size_t count) {
            const observation seen = with_reversed(count);
            // The end of the reversal may itself end a statement, in the middle of its rows.
            return seen.verdict == found.otherwise &&
                   seen.why.find("abort due to ROLLBACK") == std::string::npos;
        };
        const std::vector<std::string> all = with_reversed(SIZE_MAX).statements;
        std::size_t most = all.size();
        std::size_t least = 0;
        if (most == 0 || is_other_with(least) || !is_other_with(most)) {
            return;
        }
        while (most - least > 1 && trials_.may_go_on()) {
            const std::size_t half = least + (most - least) / 2;
            (is_other_with(half) ? most : least) = half;
        }
        found.statement = trials_.may_go_on() ? all[most - 1] : "";
    }

    /// No condition alone has made the difference.
    [[nodiscard]] finding together(conditions held) const {
        positions before;
        observation seen = in(held);
        if (!is_other(seen.verdict)) {
            before.resize(victim_);
            std::iota(before.begin(), before.end(), std::size_t(0));
            seen = in(held, before);
        }
        if (!is_other(seen.verdict) || !differs_in(held, seen.verdict, before)) {
            return unsure_of(victim_, trials_);
        }
        finding found = made(held, seen);
        positions all(held.size());
        std::iota(all.begin(), all.end(), std::size_t(0));
        const auto chosen = [&](const positions& some) {
            conditions part;
            for (const std::size_t each : some) {
                part.push_back(held[each]);
            }
            return part;
        };
        const auto shows = [&](const conditions& some, const positions& behind) {
            return trials_.may_go_on() ? std::optional(in(some, behind).verdict == seen.verdict)
                                       : std::nullopt;
        };
        const narrowed part =
            narrow(all, [&](const positions& some) { return shows(chosen(some), before); });
        found.conditions = chosen(part.members);
        const narrowed others =
            narrow(before, [&](const positions& some) { return shows(found.conditions, some); });
        found.culprits = others.members;
        found.is_smallest = part.is_smallest && others.is_smallest;
        return found;
    }

    std::size_t victim_;
    const bounds& bounds_;
    trials& trials_;
    verdict usual_;
    found_in_conditions found_;
};

bool is_tried(kind which, const bounds& bounds) {
    return std::any_of(
        bounds.conditions.begin(), bounds.conditions.end(), [which](const conditions& part) {
            return std::any_of(part.begin(), part.end(),
                               [which](const condition& each) { return each.kind == which; });
        });
}

/// Returns the finding about a case that seems to differ by itself, if it fails in one of these
/// conditions each time, and in another one never: then it goes with them.
std::optional<finding> decided_by(const conditions& tried, const finding& unsure, trials& trials) {
    const auto plan_in = [&](const condition& held) { return plan{{unsure.victim}, 1, {held}}; };
    std::optional<condition> failing;
    finding found = unsure;
    found.unlike.reset();
    for (const condition& each : tried) {
        if (!trials.may_go_on() || (failing && found.unlike)) {
            break;
        }
        const experiment done = trials.run(plan_in(each));
        const verdict became = done.verdict_of(unsure.victim);
        if (became == verdict::failed && !failing) {
            failing = each;
            found.why = done.became.at(unsure.victim).why;
        } else if (has_ended(became) && became != verdict::failed && !found.unlike) {
            found.unlike = each;
            found.alone = became;
        }
    }
    if (!failing || !found.unlike) {
        return std::nullopt;
    }
    if (!trials.differ_each_time(plan_in(*failing), verdict::failed, plan_in(*found.unlike),
                                 found.alone, unsure.victim)) {
        return std::nullopt; // it was by another chance
    }
    found.kind = finding::what::within;
    found.otherwise = verdict::failed;
    found.conditions = {*failing};
    return found;
}

} // namespace

found_in_conditions causes_in(const conditions& held, std::size_t victim, const bounds& bounds,
                              trials& trials) {
    return condition_search(victim, bounds, trials).run(held);
}

std::optional<finding> by_memory(std::size_t victim, const bounds& bounds, trials& trials) {
    const finding unsure = unsure_of(victim, trials);
    std::optional<finding> found;
    if (is_tried(kind::addresses, bounds)) {
        found = decided_by({{kind::addresses, "ascending"}, {kind::addresses, "descending"}},
                           unsure, trials);
    }
    if (!found && is_tried(kind::memory, bounds)) {
        found = decided_by({{kind::memory, "zeros"}, {kind::memory, "junk"}}, unsure, trials);
    }
    return found;
}

finding chance_of(const finding& unsure, const bounds& bounds, trials& trials) {
    if (!is_tried(kind::random, bounds)) {
        return unsure;
    }
    conditions beginnings;
    for (unsigned seed = 1; seed <= most_seeds; ++seed) {
        beginnings.push_back({kind::random, std::to_string(seed)});
    }
    return decided_by(beginnings, unsure, trials).value_or(unsure);
}

} // namespace isolite::verify
