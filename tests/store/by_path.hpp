#pragma once

#include <string>

// With ISOLITE_TEST_BY_PATH=1 the tests of the store run once more: whatever they open on the VFS
// `isolite` is a claimed path, which is opened with SQLite's default VFS.

namespace isolite::store::tests {

/// Says whether they do.
[[nodiscard]] bool goes_by_path();

/// Returns the name that the store has for what tests call `name`: this, or an absolute path.
[[nodiscard]] std::string stored_name(const std::string& name);

/// Returns what tests call a file that the store has under this name.
[[nodiscard]] std::string plain_name(const std::string& stored);

/// Makes an empty file, if it has a claimed name: without the layer that a claimed one is born
/// with.
void make_file(const std::string& stored);

/// Claims the paths and stands in front of SQLite's VFSs. May be called again.
void claim_paths();

} // namespace isolite::store::tests
