#pragma once

namespace isolite::report::sql {

/// Makes the tables that hold what other runs tell; they are filled from outside.
extern const char* const make_other_runs;

/// Makes `changes` of them, and the views of it.
extern const char* const compare;

} // namespace isolite::report::sql
