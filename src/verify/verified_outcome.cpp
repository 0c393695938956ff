#include "verify/verified_outcome.hpp"

#include "verify/again.hpp"
#include "verify/sentences.hpp"

#include <set>

namespace isolite::verify {

results::outcome outcome_of(const verification& all, const report_background& background) {
    results::outcome made;
    made.wall = all.taken;
    made.interrupted_by = all.interrupted_by;
    made.results.resize(background.cases.size());
    made.workers.resize(1); // of nobody: each case has run in many
    for (std::size_t position = 0; position < all.usual.size(); ++position) {
        const observation& seen = all.usual[position];
        results::case_result& result = made.results[position];
        result.verdict = seen.verdict;
        result.duration = seen.duration;
        result.why = seen.why;
        result.attempts = static_cast<unsigned>(all.runs[position]);
        result.failures = seen.verdict == results::verdict::failed ? result.attempts : 0;
    }
    std::set<std::size_t> told;
    for (const finding& each : all.findings) {
        results::case_result& result = made.results[each.victim];
        const bool is_first = told.insert(each.victim).second;
        result.why = (is_first ? "" : result.why + "\n") +
                     sentence_of(each, all, background.cases) +
                     (each.why.empty() ? "" : "\n" + each.why) +
                     "\nagain: " + again_of(each, all, background);
        if (each.kind != finding::what::unsure) {
            result.verdict = results::verdict::failed;
            result.attempts = result.failures = 1; // which counts nothing: it is no chance
        } else if (is_first) {
            result.verdict = results::verdict::passed;
            result.attempts = static_cast<unsigned>(each.runs);
            result.failures = static_cast<unsigned>(each.failures);
        }
    }
    return made;
}

} // namespace isolite::verify
