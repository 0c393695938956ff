#pragma once

/// The SQL that makes one run of the records of several shards.
namespace isolite::report::sql {

/// Makes `cuts` and `planned` of the lines, which lack them then: how programs were cut into
/// shards, as each shard tells it. It wants `lines`.
extern const char* const make_cuts;

/// Makes `ways_to_cut`, `misplaced`, `ran_twice`, `missing_shards` and `stopped_shards`, which are
/// empty for shards of one cut that are all there. It wants the tables of record_sql.hpp.
extern const char* const check_shards;

/// Adds the cases that missing shards have not run to `cases`, as such that were not run.
extern const char* const add_missing_cases;

/// Selects program, number of shards, shards and what became of them: those that did not run all of
/// their cases.
extern const char* const incomplete_shards;

} // namespace isolite::report::sql
