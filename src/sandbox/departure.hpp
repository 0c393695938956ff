#pragma once

#include "leak/leak_report.hpp"
#include "ledger/ledger.hpp"
#include "sandbox/open_session.hpp"

#include <atomic>
#include <cstddef>
#include <optional>

namespace isolite::sandbox {

/// What a test did, seen from the end of its session.
struct departure {
    std::optional<leak::leak_report> leaks; ///< Nothing where it left nothing behind.
    std::size_t pages = 0;                  ///< that it touched, in all databases of its engine
    records::session_end::inner work;
};

/// Undoes what the test of the innermost session did, which had found its connection so, and says
/// what of it was a leak.
void leave_sandbox(live_database& database, const open_session& leaving, const surroundings& found,
                   departure& left);

/// Undoes what was done on the connection while no session was open, and says what it was.
/// `objects` of kept objects had been made by then.
[[nodiscard]] leak::leak_report undo_work_between_tests(live_database& database,
                                                        const surroundings& found,
                                                        std::int64_t last_insert_rowid,
                                                        std::size_t objects);

/// How many engines have a session open.
inline std::atomic<int> busy_engines{0};

} // namespace isolite::sandbox
