#pragma once

#include <vector>

namespace isolite {

class engine;

/// Returns the engines that `engine::of_worker` has opened, in the order of opening.
[[nodiscard]] std::vector<engine*>& worker_engines();

} // namespace isolite
