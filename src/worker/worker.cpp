#include <isolite/worker.hpp>

#include "worker/detection.hpp"
#include "worker/runtime_directory.hpp"
#include "worker/slot_claim.hpp"

#include <cstdlib>
#include <utility>

namespace isolite {
namespace {

using detail::slot_claim;

/// Holds the slot of this process from its claim on. Destructors of globals may run later than the
/// release at exit, so that nothing here is ever destroyed.
slot_claim*& held_claim() {
    static slot_claim* claim = nullptr;
    return claim;
}

void release_held_claim() {
    held_claim()->release();
}

result<unsigned> claim_slot(const detail::environment& variables, const std::string& run_id) {
    const auto directory = detail::runtime_directory(variables);
    if (!directory) {
        return tl::unexpected(directory.error());
    }
    auto claim = slot_claim::claim(*directory, run_id);
    if (!claim) {
        return tl::unexpected(claim.error());
    }
    held_claim() = new slot_claim(*std::move(claim));
    // If it cannot be registered, the kernel frees the slot and the next claim deletes the files.
    static_cast<void>(std::atexit(release_held_claim));
    return held_claim()->slot();
}

result<worker> detect() {
    const auto around = detail::surroundings::of_process();
    const auto shard = detail::detect_shard(around.variables);
    if (!shard) {
        return tl::unexpected(shard.error());
    }
    const auto place = detail::detect_place(around);
    if (!place) {
        return tl::unexpected(place.error());
    }
    const auto slot =
        place->slot ? result<unsigned>(*place->slot) : claim_slot(around.variables, place->run_id);
    return slot.map([&](unsigned number) {
        return worker{place->run_id, number, place->name_of(number), place->incarnation, *shard};
    });
}

} // namespace

const result<worker>& worker::current() {
    static const auto* const detected = new result<worker>(detect());
    return *detected;
}

} // namespace isolite
