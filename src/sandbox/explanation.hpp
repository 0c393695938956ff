#pragma once

#include "leak/difference.hpp"
#include "sandbox/evidence.hpp"
#include "sandbox/live_database.hpp"

namespace isolite::sandbox {

/// Returns what each of the databases holds now, uncommitted rows of the engine's connection
/// included, beside what it was at the last checkpoint; or only of those that were written to.
[[nodiscard]] std::vector<exhibit> exhibits_of(live_database& live, bool only_touched = false);

/// Returns the bytes of a database as its connection sees them, null where there is none or another
/// one keeps it from reading.
[[nodiscard]] std::shared_ptr<const store::image> content_seen_by(sqlite3* connection,
                                                                  const std::string& schema);

/// Says how a database differs from what it was.
[[nodiscard]] leak::described_difference explain(const connection_recipe& recipe,
                                                 const exhibit& shown);

/// Writes the databases of a failed test, as `write_evidence`. Returns what tells a person where
/// they are, and how they differ from what they were. Shape: lines.
[[nodiscard]] std::string text_of_evidence(const std::string& test, const connection_recipe& recipe,
                                           const std::vector<exhibit>& shown);

} // namespace isolite::sandbox
