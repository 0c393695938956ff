#include "report/record_sql.hpp"

namespace isolite::report::sql {

const char* const make_sums = R"(
CREATE TABLE run AS
SELECT (SELECT run FROM heads JOIN processes USING (file) ORDER BY process LIMIT 1) AS id,
       (SELECT (zero + unix_ns - heads.start) / 1000000000
        FROM heads JOIN processes USING (file) ORDER BY process LIMIT 1) AS began,
       (SELECT max(end) - min(start) FROM processes) AS wall_ns,
       (SELECT max(ended_early) FROM processes) AS ended_early;

-- What each process spent its life on. The gaps between what is known of it are found by looking
-- how far anything that began earlier reached, not by subtracting sums: a record that is wrong
-- shows as a life that does not add up.
CREATE TABLE costs AS
WITH
busy AS (
    SELECT process, start, until FROM attempts
    UNION ALL SELECT process, start, start + ns FROM spans WHERE depth = 0 AND attempt IS NULL
    UNION ALL SELECT process, start, start FROM processes
    UNION ALL SELECT process, end, end FROM processes),
clipped AS (
    SELECT busy.process, min(busy.start, processes.end) AS start, min(until, processes.end) AS until
    FROM busy JOIN processes USING (process)),
reached AS (
    SELECT process, start, max(until) OVER (PARTITION BY process ORDER BY start, until
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS so_far
    FROM clipped),
idle AS (SELECT process, sum(max(0, start - so_far)) AS ns FROM reached GROUP BY process),
tries AS (
    SELECT process, count(*) AS count, sum(until - start) AS ns FROM attempts GROUP BY process),
work AS (
    SELECT process, sum(ns) AS ns, sum(CASE WHEN attempt IS NOT NULL THEN ns END) AS in_cases
    FROM spans WHERE depth = 0 GROUP BY process)
SELECT process, worker, incarnation, coalesce(tries.count, 0) AS cases, end - start AS wall_ns,
       coalesce(tries.ns, 0) - coalesce(work.in_cases, 0) AS tests_ns,
       coalesce(work.ns, 0) AS fixtures_ns, coalesce(idle.ns, 0) AS idle_ns
FROM processes LEFT JOIN idle USING (process) LEFT JOIN tries USING (process)
     LEFT JOIN work USING (process);

-- A worker of the next round, for retries, has a new process in place of one that did not die.
CREATE TABLE workers AS
SELECT worker AS name, sum(cases) AS cases, sum(wall_ns) AS wall_ns, sum(tests_ns) AS tests_ns,
       sum(fixtures_ns) AS fixtures_ns, sum(idle_ns) AS idle_ns,
       sum(incarnation > 0 AND NOT is_of_next_round) AS replacements
FROM (SELECT costs.*, EXISTS (
          SELECT * FROM processes AS own JOIN processes AS former
               ON former.launch = own.launch AND former.worker = own.worker
                  AND former.incarnation = own.incarnation - 1 AND NOT former.ended_early
          WHERE own.process = costs.process) AS is_of_next_round
      FROM costs)
WHERE worker <> 'parent' GROUP BY worker
-- w10 behind w9
ORDER BY rtrim(worker, '0123456789'), length(worker), worker;

-- The launch of a program, and what became of it. Of a parent whose records are missing, the first of
-- its workers stands for it.
CREATE TABLE launches AS
WITH
mains AS (
    SELECT launch, CASE WHEN launch < 0 THEN min(process) ELSE launch END AS process,
           max(running) AS any_running, min(start) AS began, max(end) AS ended
    FROM processes GROUP BY launch),
tally AS (
    SELECT launch, count(*) AS cases, sum(verdict = 'failed') AS failed,
           sum(verdict = 'not run') AS not_run
    FROM cases GROUP BY launch),
said AS (
    SELECT launch, sum(kind = 'trouble') AS troubles, sum(kind = 'stopped') AS stops
    FROM records JOIN processes USING (file) WHERE kind IN ('trouble', 'stopped') GROUP BY launch)
SELECT row_number() OVER (ORDER BY process) - 1 AS number, mains.launch, processes.program,
       path, processes.pid,
       command, directory, host, system, cores, isolite, sqlite, began AS start, ended AS end,
       coalesce(cases, 0) AS cases, coalesce(failed, 0) AS failed,
       CASE WHEN running OR (any_running AND mains.launch < 0) THEN 'running'
            WHEN ended_early AND mains.launch >= 0 THEN 'died'
            WHEN stops > 0 THEN 'stopped'
            WHEN failed > 0 OR troubles > 0 OR not_run > 0 THEN 'failed'
            WHEN cases > 0 THEN 'passed' ELSE 'empty' END AS verdict
FROM mains JOIN processes USING (process) JOIN heads USING (file)
     LEFT JOIN tally ON tally.launch = mains.launch
     LEFT JOIN said ON said.launch = mains.launch;

-- That of the run is the one that says most of those of its launches.
ALTER TABLE run ADD COLUMN verdict;
UPDATE run SET verdict = (
    SELECT verdict FROM launches
    ORDER BY instr('running died failed stopped passed empty', verdict) LIMIT 1);

-- A process tells at its end how many cases it ran, or its workers were to run.
CREATE TABLE lost_cases AS
SELECT process, launch, program, shard, shards, told, told - known AS lost
FROM (SELECT process, launch, processes.program, heads.shard, shards, told_cases AS told,
             CASE WHEN processes.worker = 'parent'
                  THEN (SELECT count(*) FROM cases WHERE cases.launch = processes.process)
                  ELSE (SELECT count(*) FROM attempts WHERE attempts.process = processes.process)
             END AS known
      FROM records JOIN processes USING (file) JOIN heads USING (file)
      WHERE kind = 'end' AND (process = launch OR launch < 0))
WHERE told > known ORDER BY program, shard, process;
CREATE VIEW programs_without_parent AS
SELECT program FROM processes WHERE launch < 0
GROUP BY launch, program HAVING max(running) = 0 ORDER BY min(process);

CREATE VIEW troubles AS
SELECT program, text FROM records JOIN processes USING (file)
WHERE kind IN ('trouble', 'stopped') ORDER BY records.start - zero, process, line;

CREATE VIEW verifications AS
SELECT program, text FROM records JOIN processes USING (file)
WHERE kind = 'verification' ORDER BY records.start - zero, process, line;

CREATE VIEW durations AS
SELECT program, test, max(ns) AS ns FROM cases
WHERE ns IS NOT NULL AND verdict IN ('passed', 'failed') GROUP BY program, test;
)";

const char* const make_figures = R"(
-- The values at the ranks of 50 % and 95 %, rounded up, so that each is one that occurred.
CREATE TABLE fixtures AS
WITH ranked AS (
    SELECT kind, name, ns, row_number() OVER (PARTITION BY kind, name ORDER BY ns) AS rank,
           count(*) OVER (PARTITION BY kind, name) AS count
    FROM spans)
SELECT kind, name, count, sum(ns) AS total_ns,
       max(CASE WHEN rank = (count * 50 + 99) / 100 THEN ns END) AS median_ns,
       max(CASE WHEN rank = (count * 95 + 99) / 100 THEN ns END) AS p95_ns, max(ns) AS max_ns
FROM ranked GROUP BY kind, name ORDER BY total_ns DESC, kind, name;

CREATE TABLE seeds AS
SELECT name, max(seeding_ns) AS seeding_ns,
       (SELECT count(*) FROM spans AS opened WHERE opened.kind = 'session opened'
        AND opened.depth = 0 AND opened.name = images.name) AS tests,
       (SELECT count(DISTINCT process) FROM spans AS opened WHERE opened.kind = 'engine opened'
        AND opened.name = images.name) AS workers
FROM spans AS images
WHERE kind IN ('image built', 'image mapped', 'image built alone') AND name IS NOT NULL
GROUP BY name ORDER BY name;

CREATE TABLE sharing AS
SELECT sum(seeding_ns * tests) AS per_test_ns, sum(seeding_ns * workers) AS per_worker_ns,
       (SELECT coalesce(sum(fixtures_ns), 0) FROM costs) AS fixtures_ns
FROM seeds;

-- Of the last attempt of each case.
CREATE TABLE case_costs AS
SELECT position, coalesce(sum(CASE depth WHEN 0 THEN spans.ns END), 0) AS fixtures_ns,
       coalesce(sum(CASE WHEN depth = 0 AND kind IN ('session opened', 'session closed')
                    THEN spans.ns END), 0) AS session_ns,
       sum(CASE WHEN kind = 'session closed' OR (kind = 'files put back' AND depth = 0)
           THEN pages END) AS pages -- those of a session have the pages of its files
FROM cases LEFT JOIN spans USING (attempt) GROUP BY position;

CREATE VIEW leaks AS
SELECT spans.test, worker, spans.name AS database, rows, pages, text
FROM spans JOIN processes USING (process)
WHERE kind = 'session closed' AND text IS NOT NULL ORDER BY spans.start, span;

CREATE VIEW slowest_cases AS
SELECT test, program, worker, ns, fixtures_ns, verdict
FROM (SELECT cases.test, cases.program, processes.worker, ns, fixtures_ns, verdict, position
      FROM cases JOIN case_costs USING (position) LEFT JOIN processes USING (process)
      WHERE ns IS NOT NULL)
ORDER BY ns - fixtures_ns DESC, position LIMIT 10;

CREATE VIEW slowest_fixtures AS
SELECT kind, name, test, worker, ns FROM spans JOIN processes USING (process) WHERE depth = 0
ORDER BY ns DESC, span LIMIT 10;
)";

} // namespace isolite::report::sql
