#pragma once

/// The SQL that makes one run of the records of several shards.
namespace isolite::report::sql {

/// Makes `cuts` and `planned` of the lines, which lack them then: how programs were cut into
/// shards, as each shard tells it. It wants `lines`.
extern const char* const make_cuts;

/// Makes `ways_to_cut`, `ways_to_filter`, `misplaced`, `ran_twice`, `orphans` and `missing_shards`,
/// which are empty for shards of one cut that are all there. It wants the tables of record_sql.hpp.
extern const char* const check_shards;

/// Adds the cases that missing shards have not run to `cases`, as such that were not run, and what
/// else is missing to what is told outside of cases.
extern const char* const add_missing_cases;

/// Selects what keeps it from being a whole run, as parts of a sentence.
extern const char* const flaws;

} // namespace isolite::report::sql
