#pragma once

#include "sandbox/engine_state.hpp"
#include "leak/leak_report.hpp"
#include "ledger/ledger.hpp"

#include <cstddef>

namespace isolite {

/// Puts the protection of a session around a test that is about to begin.
/// Requires: the session is not in `engine.sessions` yet.
/// Errors: errc::usage when a transaction is open, errc::database.
[[nodiscard]] result<void> enter_sandbox(engine::state& engine, open_session& entering);

/// What a test did, seen from the end of its session.
struct departure {
    leak_report leaks;
    std::size_t pages = 0; ///< that it touched, in all databases of its engine
    session_end::inner work;
};

/// Undoes what the test of the innermost session did, and says what of it was a leak.
/// Requires: the session is the last one in `engine.sessions`, and not in mode `none`.
[[nodiscard]] departure leave_sandbox(engine::state& engine, const open_session& leaving);

} // namespace isolite
