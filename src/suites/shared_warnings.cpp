#include "suites/shared_warnings.hpp"

#include "error/warning.hpp"
#include "os/shared_memory.hpp"

#include <algorithm>

namespace isolite::suites {

namespace {

/// Returns what all workers have warned of, null where there is no memory to share.
warnings::causes_of_all* told_by_workers() {
    static auto* const told = os::make_shared_with_forks<warnings::causes_of_all>();
    return told;
}

bool is_shown(const results::outcome& outcome, const std::string& text) {
    return std::any_of(outcome.results.begin(), outcome.results.end(),
                       [&text](const results::case_result& each) {
                           return each.output.find(text) != std::string::npos;
                       });
}

} // namespace

void share_warnings() {
    static_cast<void>(told_by_workers());
}

void keep_shared_warnings() {
    warnings::keep_warnings(told_by_workers());
}

void repeat_warnings(const std::set<std::string>& kept, const results::outcome& outcome) {
    for (const std::string& each : kept) {
        if (!is_shown(outcome, each)) {
            warnings::repeat_once(each);
        }
    }
}

} // namespace isolite::suites
