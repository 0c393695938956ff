#pragma once

#include <cstddef>
#include <vector>

namespace isolite {
class engine;
}

namespace isolite::sandbox {

/// Returns the engines that `engine::of_worker` has opened, in the order of opening.
[[nodiscard]] std::vector<engine*>& worker_engines();

/// Says whether this program could ask `engine::of_worker` for an engine.
[[nodiscard]] bool describes_databases();

/// Gets the images of all databases that `engine::of_worker` could be asked for in this program, so
/// that workers forked later share them and only open their connections. What fails here is left to
/// the first test that needs it. Requires: no test has run.
/// Returns how many databases there are.
std::size_t prepare_worker_engines();

/// Claims the files of all those databases. What fails here is left to the first test, too.
void claim_described_files();

} // namespace isolite::sandbox
