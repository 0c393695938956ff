#include "verify/cause.hpp"

#include "verify/likely_parts.hpp"
#include "verify/narrowing.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace isolite::verify {

using results::verdict;

namespace {

using positions = std::vector<std::size_t>;

/// How often what depends on other workers is tried until it is taken for gone.
constexpr unsigned tries_in_parallel = 6;

/// How often it must first repeat itself alone, once more.
constexpr unsigned confirmations_beside = 3;

/// The cause of one case's difference.
class cause_search {
  public:
    cause_search(std::size_t victim, trials& trials, const std::vector<finding>& known)
        : victim_(victim), trials_(trials), known_(known), alone_(trials.alone(victim)) {}

    [[nodiscard]] finding run() {
        if (!has_ended(alone_) || !trials_.is_repeatable({{victim_}, 1}, victim_, alone_)) {
            return unsure_of(victim_, trials_);
        }
        const auto differs = [this](const observation& seen) { return is_other(seen.verdict); };
        if (const auto* const ordered = trials_.shortest_in_which(differs, victim_)) {
            return by_order(ordered->before(victim_), ordered->verdict_of(victim_));
        }
        const experiment* const parallel = parallel_other();
        if (parallel == nullptr) {
            return unsure_of(victim_, trials_);
        }
        // What no order of all cases shows, that of a part of them may, without others beside it.
        const positions before = parallel->before_in_process(victim_);
        const verdict otherwise = parallel->verdict_of(victim_);
        return !before.empty() && behind(before) == otherwise ? by_order(before, otherwise)
                                                              : by_company(*parallel);
    }

  private:
    [[nodiscard]] bool is_other(verdict became) const {
        return has_ended(became) && became != alone_;
    }

    [[nodiscard]] const experiment* parallel_other() const {
        const auto& kept = trials_.kept();
        const auto found = std::find_if(kept.begin(), kept.end(), [&](const experiment& each) {
            return each.workers > 1 && is_other(each.verdict_of(victim_));
        });
        return found == kept.end() ? nullptr : &*found;
    }

    [[nodiscard]] finding found(finding::what kind, verdict otherwise) const {
        finding made;
        made.kind = kind;
        made.victim = victim_;
        made.alone = alone_;
        made.otherwise = otherwise;
        made.why = trials_.tallies()[victim_].why;
        return made;
    }

    [[nodiscard]] verdict behind(const positions& some) const {
        return trials_.run({with(some, victim_), 1}).verdict_of(victim_);
    }

    [[nodiscard]] bool is_repeatable_behind(const positions& some, verdict expected) const {
        return trials_.is_repeatable({with(some, victim_), 1}, victim_, expected);
    }

    [[nodiscard]] finding by_order(const positions& before, verdict otherwise) const {
        const positions candidates = repeatable_part_of(before, otherwise);
        if (candidates.empty()) {
            return unsure_of(victim_, trials_);
        }
        narrowed part = narrow(candidates, [&](const positions& some) {
            return trials_.may_go_on() ? std::optional(behind(some) == otherwise) : std::nullopt;
        });
        prefer_declared_order(part.members, otherwise);
        if (part.is_smallest && !is_certain(part.members, otherwise) && trials_.may_go_on()) {
            return unsure_of(victim_, trials_);
        }
        finding made = found(finding::what::after, otherwise);
        made.culprits = part.members;
        made.is_smallest = part.is_smallest;
        if (made.is_smallest) {
            find_cleaners(made);
        }
        return made;
    }

    /// Says whether it is another one behind the culprits each time. Where an earlier experiment
    /// says something else, as it may of a case with other culprits or of one that differs by
    /// itself, that is asked more often.
    [[nodiscard]] bool is_certain(const positions& culprits, verdict otherwise) const {
        if (!is_contradicted(culprits)) {
            return is_repeatable_behind(culprits, otherwise);
        }
        return trials_.differ_each_time({with(culprits, victim_), 1}, otherwise, {{victim_}, 1},
                                        alone_, victim_);
    }

    [[nodiscard]] bool is_contradicted(const positions& culprits) const {
        const auto& kept = trials_.kept();
        return std::any_of(kept.begin(), kept.end(), [&](const experiment& each) {
            const verdict became = each.verdict_of(victim_);
            return each.workers == 1 && !each.has_repetition() && has_ended(became) &&
                   (became != alone_) != come_before(each, culprits);
        });
    }

    /// Returns a part of them that shows the difference each time, a likely one if there is one;
    /// nothing if it does not show each time behind all.
    [[nodiscard]] positions repeatable_part_of(const positions& before, verdict otherwise) const {
        std::vector<positions> parts = likely_parts(before, trials_, known_);
        if (has(before, victim_)) {
            parts.insert(parts.begin(), {victim_});
        }
        for (positions& part : parts) {
            if (trials_.may_go_on() && behind(part) == otherwise &&
                is_repeatable_behind(part, otherwise)) {
                return std::move(part);
            }
        }
        return !before.empty() && is_repeatable_behind(before, otherwise) ? before : positions();
    }

    /// People know the cases in that order; what was found may be by chance in another one.
    void prefer_declared_order(positions& culprits, verdict otherwise) const {
        positions declared = culprits;
        std::sort(declared.begin(), declared.end());
        if (declared != culprits && trials_.may_go_on() && behind(declared) == otherwise) {
            culprits = std::move(declared);
        }
    }

    /// Says whether the culprits came before the victim, in their order.
    [[nodiscard]] bool come_before(const experiment& done, const positions& culprits) const {
        auto next = culprits.begin();
        for (const std::size_t position : done.before(victim_)) {
            next += next != culprits.end() && *next == position ? 1 : 0;
        }
        return next == culprits.end();
    }

    /// Says whether they did so, and others, and they did it no harm.
    [[nodiscard]] bool is_harmless(const experiment& done, const positions& culprits) const {
        return done.workers == 1 && !done.has_repetition() && done.verdict_of(victim_) == alone_ &&
               !done.has_died_before(victim_) && come_before(done, culprits) &&
               done.before(victim_).size() > culprits.size();
    }

    void find_cleaners(finding& of) const {
        const auto& kept = trials_.kept();
        const auto harmless = std::find_if(kept.begin(), kept.end(), [&](const experiment& each) {
            return is_harmless(each, of.culprits);
        });
        if (harmless == kept.end()) {
            return;
        }
        const positions before = harmless->before(victim_);
        positions others;
        std::copy_if(before.begin(), before.end(), std::back_inserter(others),
                     [&](std::size_t position) { return !has(of.culprits, position); });
        const auto cleans = [&](const positions& some) -> std::optional<bool> {
            if (!trials_.may_go_on()) {
                return std::nullopt;
            }
            positions order;
            std::copy_if(before.begin(), before.end(), std::back_inserter(order),
                         [&](std::size_t position) {
                             return has(of.culprits, position) || has(some, position);
                         });
            const experiment done = trials_.run({with(order, victim_), 1});
            return done.verdict_of(victim_) == alone_ && !done.has_died_before(victim_);
        };
        if (cleans(others) != true) {
            return;
        }
        const narrowed part = narrow(others, cleans);
        if (part.is_smallest && cleans(part.members) == true) {
            of.cleaners = part.members;
        }
    }

    /// Says whether it is another one beside some others, this time. What begins first may be what
    /// does the harm, or what takes it.
    [[nodiscard]] bool differs_now(const positions& some, unsigned workers, bool begins_last) {
        positions order = some;
        order.insert(begins_last ? order.end() : order.begin(), victim_);
        const bool differs = is_other(trials_.run({std::move(order), workers}).verdict_of(victim_));
        began_last_ = differs ? begins_last : began_last_;
        return differs;
    }

    /// What shows only beside others shows by chance: each part is tried several times.
    [[nodiscard]] std::optional<bool> differs_beside(const positions& some, unsigned workers) {
        for (unsigned i = 0; i < tries_in_parallel; ++i) {
            if (!trials_.may_go_on()) {
                return std::nullopt;
            }
            if (differs_now(some, workers, i % 2 != 0)) {
                return true;
            }
        }
        return false;
    }

    /// Returns the case beside which it is another one, if there is one. Those that have failed
    /// beside others, too, come first.
    [[nodiscard]] std::optional<std::size_t> neighbour(positions company, unsigned workers) {
        std::stable_partition(company.begin(), company.end(), [this](std::size_t each) {
            return trials_.tallies()[each].failures_beside > 0;
        });
        const bounds& limits = trials_.limits();
        const auto end = limits.left() - limits.budget / part_for_brief;
        for (unsigned i = 0; i < limits.tries_of_pair; ++i) {
            for (const std::size_t each : company) {
                const bool has_time = i < tries_in_parallel || limits.left() > end;
                if (!has_time || !trials_.may_go_on()) {
                    return std::nullopt;
                }
                if (differs_now({each}, workers, i % 2 != 0)) {
                    return each;
                }
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] finding by_company(const experiment& other) {
        positions company = other.order;
        company.erase(std::remove(company.begin(), company.end(), victim_), company.end());
        finding made = found(finding::what::beside, other.verdict_of(victim_));
        made.workers = other.workers;
        const auto differs = [&](const positions& some) {
            return differs_beside(some, made.workers);
        };
        // One difference is enough to blame others: what differs by itself must not look so.
        for (unsigned i = 0; i < confirmations_beside; ++i) {
            if (!trials_.is_repeatable({{victim_}, 1}, victim_, alone_)) {
                return unsure_of(victim_, trials_);
            }
        }
        // Pairs first: in a crowd another one may run beside it.
        if (const auto found = neighbour(company, made.workers)) {
            made.culprits = {*found};
            made.begins_last = began_last_;
            return made;
        }
        if (differs(company) != true) {
            return unsure_of(victim_, trials_);
        }
        const narrowed part = narrow(company, differs);
        made.culprits = part.members;
        made.is_smallest = part.is_smallest;
        made.begins_last = began_last_;
        return made;
    }

    std::size_t victim_;
    trials& trials_;
    const std::vector<finding>& known_;
    verdict alone_;
    bool began_last_ = false; ///< where it was another one beside others
};

} // namespace

finding cause_of(std::size_t victim, trials& trials, const std::vector<finding>& known) {
    return cause_search(victim, trials, known).run();
}

finding unsure_of(std::size_t victim, const trials& trials) {
    const trials::tally& all = trials.tallies()[victim];
    finding made;
    made.victim = victim;
    made.is_smallest = trials.may_go_on();
    made.runs = all.runs;
    made.failures = all.failures;
    made.only_beside = all.failures > 0 && all.failures_beside == all.failures;
    constexpr std::size_t hardly_by_chance = 6;
    made.has_failed_since = !all.has_recovered && all.failures >= hardly_by_chance;
    made.why = all.why;
    return made;
}

} // namespace isolite::verify
