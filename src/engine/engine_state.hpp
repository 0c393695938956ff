#pragma once

#include "engine/connection.hpp"
#include "store/store.hpp"

#include <isolite/engine.hpp>

#include <chrono>
#include <cstdint>

namespace isolite {

/// What an engine holds: from the image at the bottom to the connection on top.
struct engine::state {
    state(const seed& seed, std::string unique_name, std::shared_ptr<const store::image> finished);
    ~state();
    state(const state&) = delete;
    state& operator=(const state&) = delete;

    /// Puts a new store on the image and opens a connection to it. What was there before stays
    /// allocated and is never touched again: whoever was cut off in the middle may hold its locks.
    [[nodiscard]] result<void> start();

    std::string name;
    std::string uri;
    std::vector<seed::step_function> connection_steps;
    std::shared_ptr<const store::image> image;
    std::shared_ptr<store::store> store;
    std::unique_ptr<isolite::connection> connection;

    // The session that is open, if any. It lives here because a test that is cut off by a timeout
    // never destroys its own objects.
    std::uint64_t session = 0; // 0: none
    std::uint64_t sessions = 0;
    std::string test;
    std::chrono::steady_clock::time_point opening; // when it was asked for
    std::chrono::steady_clock::time_point opened;  // when its test could begin
};

} // namespace isolite
