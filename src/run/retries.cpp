#include "run/retries.hpp"

#include <algorithm>
#include <iterator>

namespace isolite::run {

using results::case_result;
using results::test_case;
using results::verdict;

retries::retries(const std::vector<test_case>& cases, unsigned most)
    : cases_(cases), left_(cases.size(), most), chosen_(cases.size()) {}

bool retries::choose(const std::vector<case_result>& results) {
    bool any = false;
    for (std::size_t position = 0; position < cases_.size(); ++position) {
        const bool again = results[position].verdict == verdict::failed && left_[position] > 0;
        chosen_[position] = again;
        left_[position] -= again ? 1 : 0;
        any = any || again;
    }
    // Who depends on what was skipped itself may come before it.
    for (bool changed = any; changed;) {
        changed = false;
        for (std::size_t position = 0; position < cases_.size(); ++position) {
            if (!chosen_[position] && results[position].verdict == verdict::skipped &&
                waits_for_chosen(position)) {
                changed = chosen_[position] = true;
            }
        }
    }
    return any;
}

bool retries::waits_for_chosen(std::size_t position) const {
    const std::vector<std::size_t>& needs = cases_[position].needs;
    return std::any_of(needs.begin(), needs.end(),
                       [this](std::size_t needed) { return chosen_[needed]; });
}

std::vector<std::size_t> retries::chosen_of(const std::vector<std::size_t>& some) const {
    std::vector<std::size_t> chosen;
    std::copy_if(some.begin(), some.end(), std::back_inserter(chosen),
                 [this](std::size_t position) { return chosen_[position]; });
    return chosen;
}

} // namespace isolite::run
