#pragma once

/// The SQL that makes tables of the records of a run. Each constant may hold several statements.
namespace isolite::report::sql {

/// Makes the table `lines`, the only one that is filled from outside, and `files`.
extern const char* const make_lines;

/// Makes `heads` and `records` of the lines: what each line says, typed.
extern const char* const read_lines;

/// Makes `processes` of the heads, and says when each began and ended.
extern const char* const make_processes;

/// Makes `attempts`, `spans` and `cases`.
extern const char* const make_cases;

/// Makes what is needed of any run: `run`, `launches`, `costs`, `workers` and `durations`.
extern const char* const make_sums;

/// Makes what is needed of the run that is shown: `fixtures`, `sharing` and others.
extern const char* const make_figures;

} // namespace isolite::report::sql
