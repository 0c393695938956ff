#include "report/merge_sql.hpp"

namespace isolite::report::sql {

// What isolite has written begins so: few lines have to be read twice.
const char* const make_cuts = R"(
CREATE TABLE cuts (file INTEGER PRIMARY KEY, shard, total, cut, filter);
INSERT OR IGNORE INTO cuts
SELECT file, json_extract(text, '$.shard_index'), json_extract(text, '$.shard_total'),
       json_extract(text, '$.cut'), json_extract(text, '$.filter')
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

-- One machine may have started a program several times, with a filter each.
CREATE TABLE ways_to_filter AS
WITH
filters AS (
    SELECT program, shard, group_concat(filter, ', ') AS all_of_shard
    FROM (SELECT DISTINCT program, shard, filter FROM cuts JOIN processes USING (file)
          WHERE filter IS NOT NULL ORDER BY filter)
    GROUP BY program, shard)
SELECT program, all_of_shard AS filter, group_concat(directory, ' and ') AS directories
FROM (SELECT program, all_of_shard, directory FROM filters JOIN shards USING (program, shard)
      ORDER BY directory)
WHERE program IN (SELECT program FROM filters GROUP BY program
                  HAVING count(DISTINCT all_of_shard) > 1)
GROUP BY program, all_of_shard ORDER BY program, directories;

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

-- Shards without the record of their cut, and workers without the records of their parent, which has
-- it.
CREATE TABLE orphans AS
SELECT launch, own.program, min(process) AS process, max(shards) AS total,
       max(heads.shard) AS shard, CASE WHEN launch < 0 THEN 'parent' ELSE 'cut' END AS lacks
FROM (SELECT * FROM processes
      WHERE launch < 0 OR (process = launch AND file NOT IN (SELECT file FROM cuts)
                           AND program IN (SELECT program FROM shards))) AS own
     JOIN heads USING (file)
WHERE launch < 0 OR shards > 1
GROUP BY launch, own.program;

CREATE TABLE ran AS
SELECT cases.program, test, home.place, cut, shard
FROM cases JOIN processes AS home ON home.process = coalesce(cases.process, cases.launch)
     LEFT JOIN processes AS main ON main.process = cases.launch
     LEFT JOIN cuts ON cuts.file = main.file
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

-- Those without records, or without those of their parent, and those that did not come to their end.
CREATE TABLE missing_shards AS
WITH RECURSIVE
known AS (
    SELECT program, total, shard FROM shards
    UNION SELECT program, total, shard FROM orphans WHERE total > 1),
every (program, total, shard) AS (
    SELECT program, max(total), 0 FROM known GROUP BY program
    UNION ALL
    SELECT program, total, shard + 1 FROM every WHERE shard + 1 < total),
missing AS (
    SELECT program, total, shard, NULL AS launch, 'missing' AS what FROM every
    WHERE (program, shard) NOT IN (SELECT program, shard FROM known)
    UNION ALL SELECT program, total, shard, launch, lacks FROM orphans
    WHERE total > 1 AND (program, shard) NOT IN (SELECT program, shard FROM shards))
SELECT missing.*, (SELECT min(file) FROM shards WHERE shards.program = missing.program) AS told_by
FROM missing
UNION ALL
SELECT program, total, shard, process, 'ended early', file FROM cuts JOIN processes USING (file)
WHERE ended_early;
)";

const char* const add_missing_cases = R"(
INSERT INTO cases (program, test, verdict, text, attempts, flaky, timed_out)
SELECT program, test, 'not run',
       'shard ' || planned.shard || ' of ' || total ||
       CASE what WHEN 'missing' THEN ' has no records'
                 WHEN 'parent' THEN ' lacks the records of its parent process'
                 WHEN 'cut' THEN ' lacks the record of its cut'
                 ELSE ' ended early' END, 0, 0, 0
FROM missing_shards JOIN planned
     ON planned.file = told_by AND planned.shard = missing_shards.shard
WHERE NOT EXISTS (SELECT * FROM cases
                  WHERE cases.launch = missing_shards.launch AND cases.test = planned.test)
ORDER BY program, line;

INSERT INTO records (file, line, kind, start, text)
SELECT file, 9223372036854775807, 'trouble', end + zero, sentence
FROM (SELECT process,
             'the records of ' || lost || ' of its ' || told || ' cases are missing' AS sentence
      FROM lost_cases
      UNION ALL SELECT process, CASE lacks WHEN 'parent' THEN
                    'the records of its parent process are missing'
                    ELSE 'the record of its cut is missing' END FROM orphans)
     JOIN processes USING (process);
UPDATE launches SET verdict = 'failed'
WHERE verdict IN ('passed', 'empty')
      AND launch IN (SELECT launch FROM lost_cases UNION SELECT launch FROM orphans);
UPDATE run SET verdict = 'failed'
WHERE verdict IN ('passed', 'empty')
      AND (EXISTS (SELECT * FROM missing_shards) OR EXISTS (SELECT * FROM lost_cases)
           OR EXISTS (SELECT * FROM orphans));
)";

const char* const flaws = R"(
WITH
of_launches AS (
    SELECT program, total, shard, 'has no records of' AS what, 0 AS rank
    FROM missing_shards WHERE what = 'missing'
    UNION ALL SELECT program, total, shard,
        CASE lacks WHEN 'parent' THEN 'lacks the records of its parent process'
                   ELSE 'lacks the record of its cut' END ||
        CASE WHEN total > 1 THEN ' in' ELSE '' END, 1 + (lacks = 'cut')
    FROM orphans
    UNION ALL SELECT processes.program, coalesce(total, 1), shard,
        CASE WHEN ended_early THEN 'ended early' WHEN running THEN 'still runs'
             ELSE 'was stopped' END || CASE WHEN total > 1 THEN ' in' ELSE '' END,
        3 + running + 2 * (NOT ended_early AND NOT running)
    FROM processes LEFT JOIN cuts USING (file)
    WHERE process = launch
          AND (ended_early OR running OR EXISTS (
              SELECT * FROM cases WHERE cases.launch = processes.process AND cases.verdict = 'not run'))
    UNION ALL SELECT program, shards, shard,
        'lacks the records of ' || lost || ' of ' || told || ' cases' ||
        CASE WHEN shards > 1 THEN ' in' ELSE '' END, 6
    FROM lost_cases
    ORDER BY shard),
all_of_them AS (
    SELECT program, rank, what || CASE WHEN total > 1 THEN
               ' shard ' || group_concat(shard, ', ') || ' of ' || total ELSE '' END AS what
    FROM of_launches GROUP BY program, rank, what, total)
SELECT program || ' ' || what FROM all_of_them ORDER BY program, rank, what
)";

} // namespace isolite::report::sql
