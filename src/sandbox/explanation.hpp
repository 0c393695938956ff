#pragma once

#include "leak/difference.hpp"
#include "sandbox/evidence.hpp"
#include "sandbox/live_database.hpp"

namespace isolite::sandbox {

/// Returns what each of the databases holds now, uncommitted rows of the engine's connection
/// included, beside what it was at the last checkpoint; or only of those that were written to.
[[nodiscard]] std::vector<exhibit> exhibits_of(live_database& live, bool only_touched = false);

/// Returns one of them.
[[nodiscard]] exhibit exhibit_of(live_database& live, const layered_database& database);

/// Returns those that differ from the last checkpoint, as others than the engine's connection see
/// them: with what is committed. One that somebody keeps them from reading is not among them.
[[nodiscard]] std::vector<exhibit> committed_exhibits_of(live_database& live);

/// Returns the bytes of a database as its connection sees them, null where there is none or another
/// one keeps it from reading.
[[nodiscard]] std::shared_ptr<const store::image> content_seen_by(sqlite3* connection,
                                                                  const std::string& schema);

/// Returns them as a new connection sees them, with what is committed; null as above.
[[nodiscard]] std::shared_ptr<const store::image> content_committed(const std::string& uri);

/// Says how a database differs from what it was.
[[nodiscard]] leak::described_difference explain(const connection_recipe& recipe,
                                                 const exhibit& shown,
                                                 leak::new_tables told = leak::new_tables::by_name);

/// Compares each of the databases with what it was; `differing` returns only those that differ.
[[nodiscard]] std::vector<exhibit> compared(const connection_recipe& recipe,
                                            std::vector<exhibit> shown);
[[nodiscard]] std::vector<exhibit> differing(const connection_recipe& recipe,
                                             std::vector<exhibit> shown);

/// Writes the databases of a failed test, as `write_evidence`. Returns what tells a person where
/// they are, and how they differ from what they were. Shape: lines, each after a line break and two
/// spaces. Requires: they have been compared.
[[nodiscard]] std::string lines_of_evidence(const std::string& test,
                                            const std::vector<exhibit>& shown);

/// Returns the same below a line that says whose they are. Requires: as above.
[[nodiscard]] std::string text_of_evidence(const std::string& test,
                                           const std::vector<exhibit>& shown);

} // namespace isolite::sandbox
