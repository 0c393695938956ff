#pragma once

#include "run/condition.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace isolite::verify {

/// What can be made in a process here.
struct possible_conditions {
    bool another_clock = true;
    bool other_addresses = true;
    bool other_memory = true; ///< what it holds

    /// Tries it.
    [[nodiscard]] static possible_conditions here();
};

/// In what else than the usual conditions a suite is run.
struct conditions_to_try {
    /// Those of one part hold together: a suite that needs none of them is run only few times.
    std::vector<std::vector<run::condition>> parts;
    /// What cannot be tried here. Shape: reads after "not tried: ".
    std::vector<std::string> untried;

    /// `local_time`: now, as `run::text_of_time` takes it.
    [[nodiscard]] static conditions_to_try at(std::int64_t local_time,
                                              const possible_conditions& possible);

    /// Returns those that a new process can be given by variables of its environment.
    [[nodiscard]] static conditions_to_try of_environment();
};

} // namespace isolite::verify
