#pragma once

#include <isolite/visibility.hpp>

namespace isolite {

/// Takes two functions of the SQLite that a program or a library calls, to find out whether isolite
/// calls another one: a connection of the one is garbage to the other. Returns true.
/// Threads: one at a time, as initialisers before `main` and those of a library are.
ISOLITE_API bool tell_sqlite(const char* (*sourceid)(), const char* (*libversion)());

// What the including file reaches when it calls SQLite, by names that neither the macros of
// sqlite3ext.h nor the declarations of sqlite3.h can meet.
#if defined(__ELF__)
extern "C" const char* isolite_called_sourceid() __asm__("sqlite3_sourceid");
extern "C" const char* isolite_called_libversion() __asm__("sqlite3_libversion");
[[maybe_unused]] static const bool sqlite_told =
    tell_sqlite(&isolite_called_sourceid, &isolite_called_libversion);
#endif

} // namespace isolite
