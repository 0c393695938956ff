#include "report/comparison_sql.hpp"

namespace isolite::report::sql {

// `source` has one row: where the records are, and with which run they are compared.
const char* const make_other_runs = R"(
CREATE TABLE source (directory TEXT, old TEXT);
CREATE TABLE earlier_runs (place INTEGER, id, began, wall_ns, cases, failed, tests_ns, fixtures_ns);
CREATE TABLE old_durations (program, test, ns);
CREATE TABLE kept_durations (program, test, ns);
)";

// Durations have a long tail, on which a standard deviation would depend. The median of the
// distances from the median (MAD) does not; times 1.4826 it estimates the standard deviation of
// what is not in the tail. A difference of two durations varies sqrt(2) times as much as one of
// them, and three times that is rare by chance: 3 * sqrt(2) * 1.4826 = 6.290139.
const char* const compare = R"(
CREATE TABLE changes AS
WITH
chosen AS (
    SELECT program, test, ns,
           row_number() OVER (PARTITION BY program, test ORDER BY ns) AS rank,
           count(*) OVER (PARTITION BY program, test) AS samples
    FROM kept_durations),
medians AS (
    SELECT program, test, samples, avg(ns) AS median FROM chosen
    WHERE rank IN ((samples + 1) / 2, (samples + 2) / 2) GROUP BY program, test),
distances AS (
    SELECT program, test, samples, abs(ns - median) AS distance,
           row_number() OVER (PARTITION BY program, test ORDER BY abs(ns - median)) AS rank
    FROM chosen JOIN medians USING (program, test, samples)),
spreads AS (
    SELECT program, test, samples, avg(distance) AS mad FROM distances
    WHERE rank IN ((samples + 1) / 2, (samples + 2) / 2) GROUP BY program, test),
compared AS (
    SELECT program, test, old_durations.ns AS old_ns, durations.ns AS new_ns,
           coalesce(samples, 0) AS samples,
           CAST(round(max(6.290139 * mad, 10000000.0, 0.1 * old_durations.ns)) AS INTEGER)
               AS noise_ns
    FROM durations JOIN old_durations USING (program, test)
         LEFT JOIN spreads USING (program, test))
SELECT *, CASE WHEN samples < 3 THEN 'unknown'
               WHEN abs(new_ns - old_ns) <= noise_ns THEN 'within noise'
               WHEN new_ns > old_ns THEN 'slower' ELSE 'faster' END AS change
FROM compared;

CREATE VIEW slower AS SELECT * FROM changes WHERE change = 'slower'
ORDER BY new_ns - old_ns DESC, program, test;
CREATE VIEW faster AS SELECT * FROM changes WHERE change = 'faster'
ORDER BY old_ns - new_ns DESC, program, test;
CREATE VIEW only_old AS SELECT program, test FROM old_durations
EXCEPT SELECT program, test FROM durations;
CREATE VIEW only_new AS SELECT program, test FROM durations
EXCEPT SELECT program, test FROM old_durations;
)";

} // namespace isolite::report::sql
