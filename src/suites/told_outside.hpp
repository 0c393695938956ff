#pragma once

#include "results/outcome.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace isolite::suites {

/// What a worker records outside of cases, whatever the framework is.
enum event_kind : std::uint8_t {
    failed_event = 1, ///< an `outside_failure`
    heard_event,      ///< its text: a case failed with it
    warned_event,     ///< its text, which nobody has read
};

/// What workers told of what is in no case.
struct told_outside {
    std::vector<results::outside_failure> failures; ///< each different one once
    std::set<std::string> warnings;
};

/// Takes out of the events what this floor has put there.
[[nodiscard]] told_outside take_told(results::outcome& outcome);

} // namespace isolite::suites
