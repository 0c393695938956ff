#pragma once

#include <string>

namespace isolite::os {

/// Says whether the system knows a time zone: by the name of its file, such as Europe/Berlin, or as
/// POSIX writes one that needs no file, such as <+14>-14.
[[nodiscard]] bool has_time_zone(const std::string& name);

/// Gives this process, and the programs that it starts, another time zone.
/// Threads: none may read the environment meanwhile.
void set_time_zone(const std::string& name);

/// Says whether a locale is installed.
[[nodiscard]] bool has_locale(const std::string& name);

/// Returns what stands between the whole part of a number and the rest in a locale, "" if it is not
/// installed.
[[nodiscard]] std::string decimal_sign_of(const std::string& locale);

/// Gives this process another locale, as a program takes it that asks for the user's, and the
/// programs that it starts.
/// Threads: as `set_time_zone`.
void set_locale(const std::string& name);

} // namespace isolite::os
