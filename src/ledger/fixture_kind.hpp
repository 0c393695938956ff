#pragma once

#include <cstddef>
#include <cstdint>

namespace isolite::records {

/// The kinds of work that the ledger knows apart.
enum class fixture_kind : std::uint8_t {
    image_built,       ///< by this worker, once for all who want this content
    image_mapped,      ///< it was there, or another worker built it meanwhile
    image_built_alone, ///< for this worker only: the cache is off or of no use to this seed
    engine_opened,
    session_opened,
    session_checked, ///< in `session_closed`: what looked for leaks
    session_healed,  ///< in `session_closed`: what put right what was found
    session_closed,
    evidence_written, ///< the database of a failed test was kept
    real_file_made,   ///< of a database, or put right
    file_made,        ///< that is claimed, when it was opened by path first
    files_prepared,   ///< that were there, for a test that opens them by path
    files_put_back,   ///< which it had opened
    own,              ///< one of the user's
};

constexpr std::size_t fixture_kinds = 14;

/// Returns what records and summaries call it.
[[nodiscard]] constexpr const char* name_of(fixture_kind kind) {
    switch (kind) {
    case fixture_kind::image_built:
        return "image built";
    case fixture_kind::image_mapped:
        return "image mapped";
    case fixture_kind::image_built_alone:
        return "image built alone";
    case fixture_kind::engine_opened:
        return "engine opened";
    case fixture_kind::session_opened:
        return "session opened";
    case fixture_kind::session_checked:
        return "session checked";
    case fixture_kind::session_healed:
        return "session healed";
    case fixture_kind::session_closed:
        return "session closed";
    case fixture_kind::evidence_written:
        return "evidence written";
    case fixture_kind::real_file_made:
        return "real file made";
    case fixture_kind::file_made:
        return "file made";
    case fixture_kind::files_prepared:
        return "files prepared";
    case fixture_kind::files_put_back:
        return "files put back";
    case fixture_kind::own:
        return "fixture";
    }
    return "";
}

} // namespace isolite::records
