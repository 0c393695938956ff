#pragma once

#include "sandbox/connection.hpp"
#include "store/store.hpp"

#include <isolite/engine.hpp>
#include <isolite/mode.hpp>

#include <chrono>
#include <cstdint>

namespace isolite {

/// One database of an engine, in memory.
struct sandboxed_database {
    std::string schema; ///< What the engine's connection calls it: main, or what it is attached as.
    std::string name;
    std::string uri;
    std::shared_ptr<const store::image> image;
    std::shared_ptr<store::store> store;
    std::uint64_t schema_generation = 0; ///< Of the store, when the connection last read it.
};

/// A session that is open. It lives with the engine because a test that is cut off by a timeout
/// never destroys its own objects.
struct open_session {
    using time_point = std::chrono::steady_clock::time_point;

    std::uint64_t number;
    std::string test;
    isolite::mode mode;
    time_point opened; ///< When its test could begin.
    std::int64_t last_insert_rowid = 0;
    bool evidence_kept = false;
    std::uint64_t files = 0; ///< The generation of the directory when it was opened.
};

/// What an engine holds: from the images at the bottom to the connection on top.
struct engine::state {
    state(const seed& seed, std::vector<sandboxed_database> finished);
    ~state();
    state(const state&) = delete;
    state& operator=(const state&) = delete;

    /// Opens a connection, on new stores if there was one. What was there before stays allocated
    /// and is never touched again: whoever was cut off in the middle may hold its locks.
    [[nodiscard]] result<void> start();

    /// Tells each store which connection is the engine's; one that was attached again is new to it.
    void name_owner();

    std::vector<sandboxed_database> databases; // main first
    connection_recipe recipe;
    std::unique_ptr<isolite::connection> connection;
    std::vector<open_session> sessions; // the innermost last
    std::uint64_t opened_sessions = 0;
    std::string spare_name; // the memory of an earlier test's name

    // The outermost session that was given up together with one inside it: what it held is gone.
    std::uint64_t lost_session = 0; // 0: none
    std::string lost_in;            // the test that was cut off

  private:
    void leave_stores();

    /// Reads the settings of a new connection, to a copy of the databases: in the engine's own,
    /// somebody may hold locks. Returns none when it cannot be opened.
    [[nodiscard]] std::vector<std::string> usual_settings() const;
};

} // namespace isolite
