#pragma once

#include "run/run_files.hpp"

#include <cstddef>
#include <vector>

namespace isolite::run {

/// Cuts an order that may have a case more than once into as few passes as that takes, each of
/// which has it once: a framework goes over its cases once for each.
[[nodiscard]] std::vector<std::vector<std::size_t>>
passes_of(const std::vector<std::size_t>& order);

/// Lets cases be claimed, whatever became of them in the pass before.
void open_cases(run_files& files, const std::vector<std::size_t>& pass);

} // namespace isolite::run
