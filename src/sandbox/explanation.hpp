#pragma once

#include "sandbox/engine_state.hpp"
#include "leak/difference.hpp"
#include "sandbox/evidence.hpp"

namespace isolite {

/// Returns what each of the databases holds now, uncommitted rows of the engine's connection
/// included, beside what it was at the last checkpoint.
[[nodiscard]] std::vector<exhibit> exhibits_of(engine::state& engine);

/// Says how a database differs from what it was.
[[nodiscard]] described_difference explain(const engine::state& engine, const exhibit& shown);

} // namespace isolite
