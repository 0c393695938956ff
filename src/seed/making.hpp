#pragma once

#include "store/image.hpp"

#include <isolite/error.hpp>
#include <isolite/seed.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

/// Who makes the image of which seed. Steps are the user's code, and may open files that seeds
/// claim, their own ones as well: no lock is held while they run.
namespace isolite::seeds {

using shared_image = result<std::shared_ptr<const store::image>>;

/// How long who opens a file waits for another thread that makes it: that may wait for him.
constexpr std::chrono::milliseconds patience_for_files = std::chrono::minutes(5);

/// Lets this thread make the image of a seed. Given patience, it waits while another thread
/// makes it; not in a step of another seed, for which that thread may wait in turn.
/// Errors: errc::seed, when this thread makes it already, or another one for longer than that;
///   those of `make`.
[[nodiscard]] shared_image make_alone(const seed& seed, const std::function<shared_image()>& make,
                                      std::optional<std::chrono::milliseconds> patience = {});

/// Says whether this thread makes the image of a seed; whether a step of that very seed runs, and
/// none of another one inside of it.
[[nodiscard]] bool is_made_here(const seed& seed);
[[nodiscard]] bool runs_here(const seed& seed);

/// Says whether this thread makes an image for a step of another seed.
[[nodiscard]] bool makes_for_another();

/// Returns why a step cannot open a file of this seed, whose image is being made.
[[nodiscard]] error refusal_of(const seed& seed);

/// Notes why the step that runs on this thread did not get a file. Does nothing where none runs.
void note_failure(const error& why);

/// Returns what was noted first of the step that runs on this thread, and forgets it.
[[nodiscard]] std::optional<error> take_failure();

} // namespace isolite::seeds
