#pragma once

#include <map>
#include <string>

namespace isolite {
class engine;
}

/// Everything that a test can see of its database, section by section, as text.
using fingerprint = std::map<std::string, std::string>;

/// Takes the fingerprint of a database through the engine's connection and through a new one.
/// It shares no knowledge with the library about what a test can leave behind, so that it sees
/// what the library overlooks.
[[nodiscard]] fingerprint take_fingerprint(isolite::engine& engine);

/// Returns the names of the sections that differ, "" when none does.
[[nodiscard]] std::string difference(const fingerprint& before, const fingerprint& now);

/// Returns the lines that differ, for a person.
[[nodiscard]] std::string details(const fingerprint& before, const fingerprint& now);

/// Puts back what all databases of a process share: files in memory and limits of the heap.
void restore_process();
