#pragma once

#include "sandbox/live_database.hpp"
#include "sandbox/process_settings.hpp"

#include <isolite/mode.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace isolite {
class framework;
}

namespace isolite::sandbox {

/// A session that is open. It lives with the engine because a test that is cut off by a timeout
/// never destroys its own objects.
struct open_session {
    using time_point = std::chrono::steady_clock::time_point;

    std::uint64_t number;
    std::string test;
    isolite::mode mode;
    const isolite::framework* framework; ///< That of its test, null where nobody said.
    unsigned depth = 0;                  ///< 1 is the outermost; 0 the time between sessions.
    time_point opened = {};              ///< When its test could begin.
    std::int64_t last_insert_rowid = 0;
    bool evidence_kept = false;
    std::uint64_t file_scope = 0; ///< Of files that are opened by path, 0: none.
    std::uint64_t files = 0;      ///< The generation of the directory when it was opened.
    std::size_t objects = 0;      ///< How many kept objects had been made by then.
    process_settings process = {};
    std::unique_ptr<surroundings> inside = {}; ///< What sessions in it find, if not what it found.
    std::string spoiled_by = {}; ///< The test inside that left the connection changed, or "".

    /// Says whether it is inside of another one.
    [[nodiscard]] bool is_inner() const noexcept { return depth > 1; }
};

} // namespace isolite::sandbox
