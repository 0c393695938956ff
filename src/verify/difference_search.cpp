#include "verify/difference_search.hpp"

#include "verify/narrowing.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace isolite::verify {

using results::verdict;

namespace {

using aspect = finding::what;
using positions = std::vector<std::size_t>;

/// Of a suite that numbers its rows by itself each case may differ: some are enough to see it.
constexpr std::size_t most_searched = 10;

std::vector<std::string> lines_in(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        lines.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return lines;
}

/// What can be compared of a case.
struct looks {
    std::vector<std::string> lines;
    std::uint64_t digest = 0; ///< also of what no line shows

    [[nodiscard]] bool operator!=(const looks& other) const {
        return lines != other.lines || digest != other.digest;
    }
};

looks looks_of(const observation& seen, aspect of) {
    if (of == aspect::message) {
        return {lines_in(seen.why), 0};
    }
    looks shown;
    for (const sandbox::changed_database& each : seen.databases) {
        std::string about = each.name;
        for (const std::string& line : each.lines) {
            const bool is_detail = line.compare(0, 2, "  ") == 0;
            about = is_detail ? about : each.name + ": " + line;
            shown.lines.push_back(is_detail ? about + ": " + line.substr(2) : about);
        }
        shown.digest = shown.digest * 31 + each.digest;
    }
    return shown;
}

/// Says what of a case there is to compare, if there is anything.
std::optional<aspect> comparable(const observation& seen) {
    return seen.verdict == verdict::failed   ? std::optional(aspect::message)
           : seen.verdict == verdict::passed ? std::optional(aspect::changes)
                                             : std::nullopt;
}

/// Returns the first line that the others do not have, "" if they have all.
std::string first_beyond(const std::vector<std::string>& lines,
                         const std::vector<std::string>& others) {
    const auto is_new = [&](const std::string& line) {
        return std::find(others.begin(), others.end(), line) == others.end();
    };
    const auto found = std::find_if(lines.begin(), lines.end(), is_new);
    return found == lines.end() ? "" : *found;
}

/// The cause of what differs in one case.
class difference_search {
  public:
    difference_search(std::size_t victim, const observation& alone, trials& trials)
        : victim_(victim), trials_(trials), alone_verdict_(alone.verdict),
          aspect_(*comparable(alone)), alone_(looks_of(alone, aspect_)) {}

    [[nodiscard]] std::optional<finding> run() {
        const experiment* const other = trials_.shortest_in_which(
            [this](const observation& seen) { return is_other(seen); }, victim_);
        if (other == nullptr) {
            return std::nullopt;
        }
        alone_ = looks_of(behind({}), aspect_); // with rows
        const positions before = other->before(victim_);
        if (!is_repeatable({}, alone_)) {
            return std::nullopt;
        }
        if (has(before, victim_) && is_other(behind({victim_}))) {
            return told({victim_}, true);
        }
        if (before.empty() || !is_other(behind(before))) {
            return std::nullopt;
        }
        const narrowed part = narrow(before, [&](const positions& some) {
            return trials_.may_go_on() ? std::optional(is_other(behind(some))) : std::nullopt;
        });
        return told(in_declared_order(part.members), part.is_smallest);
    }

  private:
    [[nodiscard]] bool is_other(const observation& seen) const {
        return seen.verdict == alone_verdict_ && looks_of(seen, aspect_) != alone_;
    }

    [[nodiscard]] plan plan_of(const positions& some) const {
        return {with(some, victim_), 1, {}, {}, aspect_ == aspect::changes};
    }

    [[nodiscard]] observation behind(const positions& some) const {
        return trials_.run(plan_of(some)).became[victim_];
    }

    [[nodiscard]] bool is_repeatable(const positions& some, const looks& expected) const {
        return trials_.is_repeatable(plan_of(some), [&](const experiment& done) {
            const auto seen = done.became.find(victim_);
            return seen != done.became.end() && seen->second.verdict == alone_verdict_ &&
                   !(looks_of(seen->second, aspect_) != expected);
        });
    }

    [[nodiscard]] positions in_declared_order(const positions& culprits) const {
        positions declared = culprits;
        std::sort(declared.begin(), declared.end());
        return declared != culprits && trials_.may_go_on() && is_other(behind(declared)) ? declared
                                                                                         : culprits;
    }

    [[nodiscard]] std::optional<finding> told(positions culprits, bool is_smallest) const {
        const observation last = behind(culprits);
        const looks otherwise = looks_of(last, aspect_);
        if (is_smallest && (!is_other(last) || !is_repeatable(culprits, otherwise))) {
            return std::nullopt;
        }
        finding made;
        made.kind = aspect_;
        made.victim = victim_;
        made.alone = made.otherwise = alone_verdict_;
        made.culprits = std::move(culprits);
        made.is_smallest = is_smallest;
        made.said_alone = first_beyond(alone_.lines, otherwise.lines);
        made.said_otherwise = first_beyond(otherwise.lines, alone_.lines);
        return made;
    }

    std::size_t victim_;
    trials& trials_;
    verdict alone_verdict_;
    aspect aspect_;
    looks alone_;
};

/// Says whether something of a case differs in the kept experiments, where its verdict does not.
bool differs(std::size_t position, const trials& trials) {
    std::optional<aspect> compared;
    looks first;
    bool is_another = false;
    for (const experiment& each : trials.kept()) {
        const auto seen = each.became.find(position);
        if (each.workers > 1 || seen == each.became.end() || !comparable(seen->second)) {
            continue;
        }
        if (!compared) {
            compared = comparable(seen->second);
            first = looks_of(seen->second, *compared);
        } else if (compared != comparable(seen->second)) {
            return false; // a matter of verdicts
        } else {
            is_another = is_another || looks_of(seen->second, *compared) != first;
        }
    }
    return is_another;
}

} // namespace

void find_differences(verification& found, trials& trials, const std::function<void()>& tell) {
    for (std::size_t position = 0; position < found.cases; ++position) {
        if (!differs(position, trials)) {
            continue;
        }
        if (found.differences.size() == most_searched || !trials.may_go_on()) {
            ++found.more_differences;
            continue;
        }
        tell();
        const observation* const alone = trials.seen_alone(position);
        if (alone == nullptr || !comparable(*alone)) {
            continue;
        }
        if (auto one = difference_search(position, *alone, trials).run()) {
            found.differences.push_back(*std::move(one));
        }
    }
}

} // namespace isolite::verify
