#pragma once

#include <string>

/// isolite's place in front of SQLite's own VFSs: the functions in which they open, delete, look
/// for and name files are replaced in place. Databases that are claimed, and what lies beside them,
/// go to the store; all else goes on as before.
namespace isolite::paths {

/// Puts it there, at once if SQLite is initialised, else as soon as it will be: a program may call
/// sqlite3_config until then. May be called again; costs little where it is there already.
void stand_in_front();

/// Does so at once, which initialises SQLite.
void stand_in_front_now();

/// Says on stderr, once, if another default VFS has been registered since that does not lead here.
void check_in_front();

/// Returns the full name of a file, as SQLite's default VFS makes it. Initialises SQLite.
[[nodiscard]] std::string full_name(const std::string& path);

} // namespace isolite::paths
