#pragma once

namespace isolite::paths {

/// Says on stderr, once for each, which libraries of this process have a SQLite that isolite does
/// not call: what they open by path is on the disk, whoever claims it. Costs next to nothing where
/// no library was loaded since the last call.
void warn_of_other_sqlites();

} // namespace isolite::paths
