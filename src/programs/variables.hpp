#pragma once

#include "run/condition.hpp"

#include <map>
#include <string>
#include <vector>

namespace isolite::programs {

/// Returns the variables of the environment by which a new process is in conditions: of those that
/// `conditions_to_try::of_environment` has.
/// Shape: values by names.
[[nodiscard]] std::map<std::string, std::string>
variables_for(const std::vector<run::condition>& conditions);

/// Returns how they stand in front of a command in a shell: "TZ=Europe/Berlin ".
[[nodiscard]] std::string in_front(const std::map<std::string, std::string>& variables);

} // namespace isolite::programs
