#pragma once

#include <isolite/worker.hpp>

#include <vector>

namespace isolite::workers {

/// Returns where up to `most` workers that this process forks stand in its run, itself the first
/// of them: at least one.
///
/// If isolite claimed the slot of this process, its workers get further slots of the same run, as
/// long as their numbers are below `limit`. They are held by this process and do not end with a
/// worker. If a launcher gave the slot, or there is none, the workers are a run of their own with
/// slots from 0.
/// Errors: those of `worker::current`; `errc::system`.
[[nodiscard]] result<std::vector<worker>> places_for_forks(unsigned most, unsigned limit);

/// Gives up the slots that this process holds, before it ends past what is registered with atexit.
ISOLITE_API void give_up_places();

/// Lets `worker::current` return `place` from now on: for a forked worker, before its first test.
void become(const worker& place);

} // namespace isolite::workers
