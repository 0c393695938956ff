#include "run/implied_workers.hpp"

#include "run/option_rules.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace isolite::run {

result<options> with_implied_workers(const taken_options& taken,
                                     const workers::environment& variables, options chosen) {
    options asked = taken.values;
    if (asked.for_debugger) {
        asked.timeout = chosen.timeout = {};
        chosen.workers = 0;
    }
    if (chosen.forks() || !chosen.needs_workers()) {
        return chosen;
    }
    const bool by_option = taken.given.count("--workers") > 0;
    const bool is_said = asked.for_debugger || by_option || variables.find("ISOLITE_WORKERS");
    const auto* const needy =
        std::find_if(option_rules.begin(), option_rules.end(), [&](const option_rule& rule) {
            return rule.needs_workers && rule.needs_workers(asked);
        });
    if (needy == option_rules.end()) {
        chosen.workers_are_implied = !is_said;
        chosen.workers = is_said ? 0 : 1;
        return chosen;
    }
    if (!is_said) {
        chosen.workers = std::nullopt;
        return chosen;
    }
    const char* const why = asked.for_debugger ? "--debug forks none"
                            : by_option        ? "--workers is 0"
                                               : "ISOLITE_WORKERS is 0";
    return tl::unexpected(
        error{errc::usage,
              std::string(needy->task) + " in this process: " + needy->name +
                  " needs forked workers, but " + why,
              "give --workers=1, which runs one case after the other in a forked worker"});
}

} // namespace isolite::run
