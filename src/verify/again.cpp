#include "verify/again.hpp"

#include "text/words.hpp"

#include <algorithm>

namespace isolite::verify {

namespace {

/// Returns how long the slowest of some cases may take, or of all if there are none.
std::chrono::milliseconds longest_limit(const std::vector<std::size_t>& some,
                                        const std::vector<results::test_case>& cases) {
    std::chrono::milliseconds longest(0);
    for (std::size_t position = 0; position < cases.size(); ++position) {
        if (some.empty() || std::find(some.begin(), some.end(), position) != some.end()) {
            longest = std::max(longest, cases[position].timeout);
        }
    }
    return longest;
}

bool leaves_temporary_file(std::size_t position, const verification& all) {
    return std::any_of(
        all.leftovers.begin(), all.leftovers.end(), [position](const leftover& each) {
            return each.position == position &&
                   std::any_of(each.traces.begin(), each.traces.end(),
                               [](const trace& one) { return one.kind == trace::what::temporary; });
        });
}

} // namespace

std::vector<std::string> options_to_repeat(const finding& found,
                                           const std::vector<results::test_case>& cases) {
    std::vector<std::size_t> order = found.culprits;
    std::vector<std::string> options;
    if (found.kind == finding::what::beside && !found.begins_last) {
        order.insert(order.begin(), found.victim);
    } else {
        order.push_back(found.victim);
    }
    if (found.kind == finding::what::after && found.alone == results::verdict::failed) {
        order = {found.victim};
    }
    const bool needs_all = found.kind == finding::what::unsure && found.only_beside;
    if (needs_all) {
        order.clear(); // nobody knows which of the others it is
    }
    for (const std::size_t position : order) {
        options.push_back("--in-order=" + cases[position].name);
    }
    if (found.kind == finding::what::beside || needs_all) {
        options.push_back("--workers=" + std::to_string(std::max(found.workers, 2U)));
    }
    for (const run::condition& each : found.conditions) {
        options.push_back("--in-condition=" + run::text_of(each));
    }
    const bool is_repeated =
        found.kind == finding::what::beside || found.kind == finding::what::unsure;
    if (is_repeated) {
        options.emplace_back("--repeat=20");
    }
    if (found.kind == finding::what::changes) {
        options.emplace_back("--show-changes");
    }
    if (found.timed_out) {
        options.push_back("--timeout=" + text::seconds_of(longest_limit(order, cases)));
        options.resize(options.size() + (is_repeated ? 1 : 0), "--maxfail=1");
    }
    return options;
}

std::string again_of(const finding& found, const verification& all,
                     const report_background& background) {
    const bool runs_alone =
        found.kind == finding::what::after && found.alone != results::verdict::passed;
    const bool needs_place =
        runs_alone &&
        std::any_of(found.culprits.begin(), found.culprits.end(),
                    [&](std::size_t culprit) { return leaves_temporary_file(culprit, all); });
    return (needs_place ? "TMPDIR=$(mktemp -d) " : "") + background.again(found);
}

} // namespace isolite::verify
