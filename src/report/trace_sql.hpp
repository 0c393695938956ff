#pragma once

namespace isolite::report::sql {

/// Makes `tracks`, empty.
extern const char* const make_tracks;

/// Returns each process with its worker, start and end, in the order in which tracks are given.
extern const char* const processes_by_worker;

/// Makes `slices`: what a track shows, one in another.
extern const char* const make_slices;

/// Returns each slice with its track, start and end, an outer one before those in it.
extern const char* const slices_by_track;

/// Returns the trace as one text.
extern const char* const trace_text;

} // namespace isolite::report::sql
