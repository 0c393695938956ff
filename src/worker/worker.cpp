#include <isolite/worker.hpp>

#include "worker/detection.hpp"
#include "worker/forked_places.hpp"
#include "worker/runtime_directory.hpp"
#include "worker/slot_claim.hpp"

#include <cstdlib>
#include <forward_list>
#include <optional>
#include <utility>
#include <vector>

namespace isolite {
namespace {

using workers::slot_claim;

/// Holds the slots of this process from their claim on. Destructors of globals may run later than
/// the release at exit, so that nothing here is ever destroyed.
std::vector<slot_claim>& held_claims() {
    static auto* const claims = new std::vector<slot_claim>;
    return *claims;
}

void release_held_claims() {
    for (slot_claim& claim : held_claims()) {
        claim.release();
    }
}

unsigned hold(slot_claim claim) {
    if (held_claims().empty()) {
        // If it cannot be registered, the kernel frees the slot and the next claim deletes files.
        static_cast<void>(std::atexit(release_held_claims));
    }
    held_claims().push_back(std::move(claim));
    return held_claims().back().slot();
}

result<unsigned> claim_slot(const workers::environment& variables, const std::string& run_id) {
    return workers::runtime_directory(variables)
        .and_then(
            [&](const std::string& directory) { return slot_claim::claim(directory, run_id); })
        .map([](slot_claim claim) { return hold(std::move(claim)); });
}

std::optional<shard>& shard_of_option() {
    static std::optional<shard> chosen;
    return chosen;
}

result<worker> detect() {
    const auto around = workers::surroundings::of_process();
    const auto chosen = workers::chosen_shard();
    const auto shard =
        chosen ? result<isolite::shard>(*chosen) : workers::detect_shard(around.variables);
    if (!shard) {
        return tl::unexpected(shard.error());
    }
    const auto place = workers::detect_place(around);
    if (!place) {
        return tl::unexpected(place.error());
    }
    const auto slot =
        place->slot ? result<unsigned>(*place->slot) : claim_slot(around.variables, place->run_id);
    return slot.map([&](unsigned number) {
        return worker{place->run_id, number, place->name_of(number), place->incarnation, *shard};
    });
}

/// What a forked worker is, instead of what its parent is, which may be a forked worker, too: the
/// last one. Those before stay, for who holds a reference.
std::forward_list<result<worker>>& places_of_forks() {
    static auto* const places =
        new std::forward_list<result<worker>>; // never destroyed: globals may ask
    return *places;
}

/// Null until somebody asks.
result<worker>*& detected_place() {
    static result<worker>* place = nullptr;
    return place;
}

const result<worker>& place_of_process() {
    static const bool is_detected = [] {
        detected_place() = new result<worker>(detect());
        return true;
    }();
    static_cast<void>(is_detected);
    return *detected_place();
}

} // namespace

const result<worker>& worker::current() {
    return places_of_forks().empty() ? place_of_process() : places_of_forks().front();
}

namespace workers {

void choose_shard(const shard& chosen) {
    shard_of_option() = chosen;
    if (detected_place() != nullptr && *detected_place()) {
        (*detected_place())->shard = chosen;
    }
}

std::optional<shard> chosen_shard() {
    return shard_of_option();
}

result<std::vector<worker>> places_for_forks(unsigned most, unsigned limit) {
    const result<worker>& parent = worker::current();
    if (!parent) {
        return tl::unexpected(parent.error());
    }
    std::vector<worker> places = {*parent};
    places.front().name = "w" + std::to_string(parent->slot);
    if (held_claims().empty()) {
        // Its launcher numbered this process alone, or nobody did: a run of its own.
        if (parent->name != "main") {
            places.front().run_id += "." + parent->name;
        }
        for (unsigned slot = 0; slot < most; ++slot) {
            places.resize(slot + 1, places.front());
            places[slot].slot = slot;
            places[slot].name = "w" + std::to_string(slot);
        }
        return places;
    }
    const auto directory = runtime_directory(environment::of_process());
    if (!directory) {
        return tl::unexpected(directory.error());
    }
    while (places.size() < most) {
        auto claim = slot_claim::claim_below(limit, *directory, parent->run_id);
        if (!claim) {
            return tl::unexpected(claim.error());
        }
        if (!*claim) {
            break;
        }
        places.push_back(places.front());
        places.back().slot = hold(*std::move(*claim));
        places.back().name = "w" + std::to_string(places.back().slot);
    }
    return places;
}

void give_up_places() {
    release_held_claims();
}

void become(const worker& place) {
    places_of_forks().emplace_front(place);
}

} // namespace workers
} // namespace isolite
