#include "report/merge_sql.hpp"

namespace isolite::report::sql {

// What isolite has written begins so: few lines have to be read twice.
const char* const make_cuts = R"(
CREATE TABLE cuts (file INTEGER PRIMARY KEY, shard, total, cut);
INSERT OR IGNORE INTO cuts
SELECT file, json_extract(text, '$.shard_index'), json_extract(text, '$.shard_total'),
       json_extract(text, '$.cut')
FROM lines
WHERE text GLOB '{"kind":"shard"*' AND CASE WHEN json_valid(text) THEN
    json_type(text, '$.shard_index') IS 'integer' AND json_type(text, '$.cut') IS 'text'
    AND json_type(text, '$.shard_total') IS 'integer'
    AND json_extract(text, '$.shard_total') BETWEEN 2 AND 100000
END;

CREATE TABLE planned (file, line, test, shard);
INSERT INTO planned
SELECT file, line, json_extract(text, '$.test'), json_extract(text, '$.shard')
FROM lines
WHERE text GLOB '{"kind":"planned"*' AND CASE WHEN json_valid(text) THEN
    json_type(text, '$.test') IS 'text' AND json_type(text, '$.shard') IS 'integer' END;
DELETE FROM lines WHERE text GLOB '{"kind":"planned"*' OR text GLOB '{"kind":"shard"*';
)";

const char* const check_shards = R"(
-- A shard of a program that ran, and the first file that tells of it.
CREATE TABLE shards AS
SELECT program, cut, total, shard, file, directory
FROM (SELECT program, cut, total, shard, min(file) AS file
      FROM cuts JOIN processes USING (file) GROUP BY program, cut, total, shard)
     JOIN files USING (file) JOIN places USING (place);

CREATE TABLE ways_to_cut AS
SELECT program, cut, group_concat(directory, ' and ') AS directories
FROM (SELECT DISTINCT program, cut, directory FROM shards ORDER BY directory)
WHERE program IN (SELECT program FROM shards GROUP BY program HAVING count(DISTINCT cut) > 1)
GROUP BY program, cut ORDER BY program, directories;

-- Names need not be unique: a case is to run as often as the list has its name.
CREATE TABLE misplaced AS
WITH
listed AS (
    SELECT program, test, max(count) AS count
    FROM (SELECT program, shards.file, test, count(*) AS count
          FROM shards JOIN planned USING (file) GROUP BY program, shards.file, test)
    GROUP BY program, test),
own AS (
    SELECT program, test, count(*) AS count
    FROM shards JOIN planned ON planned.file = shards.file AND planned.shard = shards.shard
    GROUP BY program, test)
SELECT program, test, coalesce(own.count, 0) > listed.count AS runs_twice
FROM listed LEFT JOIN own USING (program, test)
WHERE coalesce(own.count, 0) <> listed.count
      AND program IN (SELECT program FROM ways_to_cut)
ORDER BY program, test;

CREATE TABLE ran AS
SELECT cases.program, test, place, cut, shard
FROM cases JOIN processes ON processes.process = cases.launch LEFT JOIN cuts USING (file)
WHERE cases.attempts > 0;
CREATE INDEX ran_by_name ON ran (program, test);
CREATE TABLE ran_twice AS
SELECT program, test, one.directory AS one, other.directory AS other
FROM (SELECT DISTINCT first.program, first.test, first.place AS here, second.place AS there
      FROM ran AS first JOIN ran AS second USING (program, test)
      WHERE first.place < second.place
            -- Two cases of one name may be in two shards.
            AND NOT coalesce(first.cut = second.cut AND first.shard <> second.shard, 0))
     JOIN places AS one ON one.place = here JOIN places AS other ON other.place = there
ORDER BY program, one.place, other.place, test;

-- Those without records, and those that did not come to their end.
CREATE TABLE missing_shards AS
WITH RECURSIVE every (program, cut, total, shard) AS (
    SELECT program, cut, total, 0 FROM shards GROUP BY program
    UNION ALL
    SELECT program, cut, total, shard + 1 FROM every WHERE shard + 1 < total)
SELECT program, total, shard,
       (SELECT min(file) FROM shards WHERE shards.program = every.program) AS told_by,
       NULL AS process
FROM every
WHERE NOT EXISTS (SELECT * FROM shards
                  WHERE shards.program = every.program AND shards.shard = every.shard)
UNION ALL
SELECT program, total, shard, file, process FROM cuts JOIN processes USING (file)
WHERE ended_early;

-- Those that said themselves that cases were not run.
CREATE TABLE stopped_shards AS
SELECT DISTINCT program, total, shard FROM cuts JOIN processes USING (file)
WHERE NOT ended_early AND EXISTS (SELECT * FROM cases
                                  WHERE cases.launch = processes.process AND cases.verdict = 'not run');
)";

const char* const add_missing_cases = R"(
INSERT INTO cases (program, test, verdict, text, attempts, flaky, timed_out)
SELECT program, test, 'not run',
       'shard ' || planned.shard || ' of ' || total ||
       CASE WHEN process IS NULL THEN ' has no records' ELSE ' ended early' END, 0, 0, 0
FROM missing_shards JOIN planned
     ON planned.file = told_by AND planned.shard = missing_shards.shard
WHERE NOT EXISTS (SELECT * FROM cases
                  WHERE cases.launch = missing_shards.process AND cases.test = planned.test)
ORDER BY program, line;
UPDATE run SET verdict = 'failed'
WHERE verdict IN ('passed', 'empty') AND EXISTS (SELECT * FROM missing_shards);
)";

const char* const incomplete_shards = R"(
SELECT program, total, group_concat(shard, ', '), what
FROM (SELECT program, total, shard, CASE WHEN process IS NULL THEN ' has no records of shard '
             ELSE ' ended early in shard ' END AS what, process IS NOT NULL AS rank
      FROM missing_shards
      UNION ALL SELECT program, total, shard, ' was stopped in shard ', 2 FROM stopped_shards
      ORDER BY shard)
GROUP BY program, what ORDER BY program, rank
)";

} // namespace isolite::report::sql
