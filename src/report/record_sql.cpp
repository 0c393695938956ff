#include "report/record_sql.hpp"

namespace isolite::report::sql {

const char* const make_lines = R"(
CREATE TABLE places (place INTEGER PRIMARY KEY, directory TEXT NOT NULL, machine TEXT NOT NULL);
CREATE TABLE files (file INTEGER PRIMARY KEY, path TEXT NOT NULL, place INTEGER NOT NULL);
CREATE TABLE lines (file INTEGER NOT NULL, line INTEGER NOT NULL, text TEXT NOT NULL);
)";

// CASE keeps json_extract away from lines that are no JSON, on which it fails. SQLite parses each
// line once: it remembers the last texts of a statement. Columns have no types here, so that
// typeof() tells what the JSON had.
const char* const read_lines = R"(
CREATE TABLE heads AS
SELECT file, json_extract(text, '$.run') AS run, json_extract(text, '$.program') AS program,
       json_extract(text, '$.worker') AS worker,
       coalesce(json_extract(text, '$.incarnation'), 0) AS incarnation,
       json_extract(text, '$.pid') AS pid,
       coalesce(json_extract(text, '$.parent'), 0) AS parent_pid,
       json_extract(text, '$.start') AS start, json_extract(text, '$.unix_ns') AS unix_ns
FROM lines
WHERE line = 1 AND CASE WHEN json_valid(text) THEN
    json_extract(text, '$.format') IS 1 AND json_extract(text, '$.kind') IS 'process'
    AND json_type(text, '$.run') IS 'text' AND json_type(text, '$.program') IS 'text'
    AND json_type(text, '$.worker') IS 'text' AND json_type(text, '$.pid') IS 'integer'
    AND json_type(text, '$.start') IS 'integer' AND json_type(text, '$.unix_ns') IS 'integer'
    AND coalesce(json_type(text, '$.parent'), 'integer') = 'integer'
    AND coalesce(json_type(text, '$.incarnation'), 'integer') = 'integer'
    AND json_extract(text, '$.start') BETWEEN 0 AND 4000000000000000000
    AND json_extract(text, '$.unix_ns') BETWEEN 0 AND 4000000000000000000
END;

CREATE TABLE records (file, line, kind, start, ns, number, depth, name, test, pages, rows, text,
                      seeding_ns, id, verdict, attempts, failures, died, worker, incarnation, pid);
INSERT INTO records
SELECT * FROM (
    SELECT file, line, json_extract(text, '$.kind') AS kind, json_extract(text, '$.start') AS start,
           json_extract(text, '$.ns') AS ns, json_extract(text, '$.case') AS number,
           coalesce(json_extract(text, '$.depth'), 0) AS depth,
           json_extract(text, '$.name') AS name, json_extract(text, '$.test') AS test,
           json_extract(text, '$.pages') AS pages, json_extract(text, '$.rows') AS rows,
           json_extract(text, '$.text') AS text, json_extract(text, '$.seeding_ns') AS seeding_ns,
           json_extract(text, '$.id') AS id, json_extract(text, '$.verdict') AS verdict,
           json_extract(text, '$.attempts') AS attempts,
           json_extract(text, '$.failures') AS failures, json_extract(text, '$.died') AS died,
           json_extract(text, '$.worker') AS worker,
           json_extract(text, '$.incarnation') AS incarnation, json_extract(text, '$.pid') AS pid
    FROM lines
    WHERE line > 1 AND file IN (SELECT file FROM heads)
          AND CASE WHEN json_valid(text) THEN json_type(text) = 'object' END
    LIMIT -1) -- so that SQLite extracts before it compares
-- What is of another format is passed over. A day has less than 1e14 nanoseconds. Texts are greater
-- than all numbers.
WHERE CASE
    WHEN kind IN ('image built', 'image mapped', 'image built alone', 'engine opened',
                  'session opened', 'session closed', 'session checked', 'session healed',
                  'evidence written', 'real file made', 'file made', 'files prepared',
                  'files put back', 'fixture') THEN ns IS NOT NULL
    WHEN kind = 'begin' THEN number IS NOT NULL AND id IS NOT NULL AND test IS NOT NULL
    WHEN kind = 'case' THEN number IS NOT NULL AND id IS NOT NULL AND test IS NOT NULL
         AND ns IS NOT NULL AND verdict IN ('passed', 'failed', 'skipped')
    WHEN kind = 'result' THEN id IS NOT NULL AND test IS NOT NULL
         AND verdict IN ('passed', 'failed', 'skipped', 'not run', 'left out')
    WHEN kind = 'death' THEN worker IS NOT NULL AND text IS NOT NULL
    ELSE kind = 'end' END
AND typeof(start) = 'integer' AND start BETWEEN 0 AND 4000000000000000000
AND (ns IS NULL OR (typeof(ns) = 'integer' AND ns BETWEEN 0 AND 100000000000000))
AND typeof(depth) = 'integer' AND depth >= 0
AND (number IS NULL OR typeof(number) = 'integer')
AND (name IS NULL OR typeof(name) = 'text') AND (test IS NULL OR typeof(test) = 'text')
AND (pages IS NULL OR (typeof(pages) = 'integer' AND pages BETWEEN 0 AND 4294967296))
AND (rows IS NULL OR (typeof(rows) = 'integer' AND rows BETWEEN 0 AND 4294967296))
AND (text IS NULL OR typeof(text) = 'text')
AND (seeding_ns IS NULL OR (typeof(seeding_ns) = 'integer'
                            AND seeding_ns BETWEEN 0 AND 100000000000000))
AND (id IS NULL OR typeof(id) = 'integer') AND (attempts IS NULL OR typeof(attempts) = 'integer')
AND (failures IS NULL OR typeof(failures) = 'integer') AND (died IS NULL OR typeof(died) = 'text')
AND (worker IS NULL OR typeof(worker) = 'text')
AND (incarnation IS NULL OR typeof(incarnation) = 'integer')
AND (pid IS NULL OR typeof(pid) = 'integer');
DELETE FROM lines;

-- No record behind the end of a process matters.
DELETE FROM records AS late WHERE line > (
    SELECT ending.line FROM (SELECT file, min(line) AS line FROM records
                             WHERE kind = 'end' GROUP BY file) AS ending
    WHERE ending.file = late.file);
)";

// A process began with its head, or with what it did before it wrote one. It ended with its record
// `end`, else when its parent saw that it was dead, else with the last thing that it is known to
// have done.
//
// All processes of a machine share a clock. A file whose clock and calendar differ by more than a
// second from those of the first process is from another machine: it is placed by the calendar.
const char* const make_processes = R"(
CREATE TABLE processes (process INTEGER PRIMARY KEY, file INTEGER UNIQUE, worker, incarnation,
                        program, path, pid, parent_pid, start, end, ended_early, zero, launch,
                        place);
INSERT INTO processes
WITH
seen AS (
    SELECT file, min(start) AS first, min(CASE kind WHEN 'end' THEN start END) AS ended,
           max(start + CASE WHEN kind IN ('result', 'death') THEN 0 ELSE coalesce(ns, 0) END)
               AS last
    FROM records GROUP BY file),
bounds AS (
    SELECT heads.*, unix_ns - start AS calendar, min(start, coalesce(first, start)) AS began,
           max(start, coalesce(ended, last, start)) AS stopped, ended IS NULL AS ended_early
    FROM heads LEFT JOIN seen USING (file)),
home AS (SELECT calendar FROM bounds JOIN files USING (file) ORDER BY unix_ns, path LIMIT 1),
clocks AS (
    SELECT bounds.file,
           CASE WHEN abs(bounds.calendar - home.calendar) > 1000000000
                THEN bounds.calendar ELSE home.calendar END AS calendar
    FROM bounds, home),
beginning AS (SELECT min(began + clocks.calendar) AS unix_ns FROM bounds JOIN clocks USING (file)),
placed AS (
    SELECT bounds.*, beginning.unix_ns - clocks.calendar AS zero, files.path AS file_path, place
    FROM bounds JOIN clocks USING (file) JOIN files USING (file), beginning)
SELECT row_number() OVER (ORDER BY began - zero, file_path) - 1, file, worker, incarnation,
       substr(program, length(rtrim(program, replace(program, '/', ''))) + 1), program, pid,
       parent_pid, began - zero, stopped - zero, ended_early, zero, NULL, place
FROM placed;

-- The launch of a program: its parent, or the process itself if nobody forked it for its cases.
-- A number below 0 stands for a parent whose records are missing.
CREATE INDEX processes_of_pid ON processes (pid);
UPDATE processes SET launch = CASE WHEN parent_pid > 0 THEN -parent_pid ELSE process END;
UPDATE processes SET launch = found.launch
FROM (SELECT child.process, parent.process AS launch, row_number() OVER (
          PARTITION BY child.process
          ORDER BY parent.start <= child.start DESC, parent.start DESC, parent.process) AS rank
      FROM processes AS child JOIN processes AS parent
           ON parent.pid = child.parent_pid AND parent.worker = 'parent'
              AND parent.place = child.place) AS found -- other machines have the same numbers
WHERE found.process = processes.process AND rank = 1;

CREATE TABLE deaths AS
SELECT mother.process AS mother, records.worker, records.incarnation, records.pid, records.test,
       records.text, records.start - mother.zero AS start,
       (SELECT dead.process FROM processes AS dead
        WHERE dead.launch = mother.process AND dead.pid = records.pid
              AND dead.worker = records.worker
              AND dead.incarnation = coalesce(records.incarnation, 0)) AS process
FROM records JOIN processes AS mother USING (file)
WHERE kind = 'death' ORDER BY start, mother.process, line;

-- A case that hung until it was killed took all that time.
UPDATE processes SET end = max(end, died.start)
FROM (SELECT process, max(start) AS start FROM deaths GROUP BY process) AS died
WHERE died.process = processes.process AND ended_early;

UPDATE deaths SET worker = machine || '/' || worker
FROM (SELECT process, machine FROM processes JOIN places USING (place)) AS home
WHERE machine <> '' AND home.process = mother;
UPDATE processes SET worker = machine || '/' || worker
FROM places WHERE machine <> '' AND places.place = processes.place AND worker <> 'parent';
)";

const char* const make_cases = R"(
-- One run of a case. `until` is when it ended; if its process did not survive it, the end of that.
CREATE TABLE attempts (attempt INTEGER PRIMARY KEY, process, number, launch, id, test, start, ns,
                       until, verdict, text, UNIQUE (process, number));
INSERT INTO attempts (process, number, launch, id, test, start, ns, verdict, text)
SELECT process, number, launch,
       coalesce(max(CASE kind WHEN 'case' THEN id END), max(id)),
       coalesce(max(CASE kind WHEN 'case' THEN test END), max(test)),
       coalesce(max(CASE kind WHEN 'case' THEN records.start END), max(records.start)) - zero,
       max(ns), max(verdict), max(text)
FROM records JOIN processes USING (file)
WHERE kind IN ('begin', 'case')
GROUP BY process, number;

-- In a program without a framework each outermost session is a case.
INSERT INTO attempts (process, number, launch, id, test, start, ns, verdict, text)
WITH
sessions AS (
    SELECT process, launch, line, kind, test, records.start - zero AS start, ns, text,
           sum(CASE kind WHEN 'session opened' THEN 1 ELSE -1 END)
               OVER (PARTITION BY process ORDER BY line) AS open
    FROM records JOIN processes USING (file)
    WHERE kind IN ('session opened', 'session closed') AND parent_pid = 0
          AND processes.worker <> 'parent' AND process NOT IN (SELECT process FROM attempts)),
outermost AS (
    SELECT *, lead(start + ns) OVER following AS closed, lead(text) OVER following AS leak
    FROM sessions
    WHERE (kind = 'session opened' AND open = 1) OR (kind = 'session closed' AND open = 0)
    WINDOW following AS (PARTITION BY process ORDER BY line))
SELECT process, line, launch, row_number() OVER (PARTITION BY process ORDER BY line) - 1,
       coalesce(test, ''), start, closed - start,
       CASE WHEN closed IS NULL THEN NULL WHEN leak IS NULL THEN 'passed' ELSE 'failed' END, leak
FROM outermost WHERE kind = 'session opened';

UPDATE attempts SET until = coalesce(start + ns, max(start, min(
    (SELECT end FROM processes WHERE processes.process = attempts.process),
    coalesce((SELECT later.start FROM attempts AS later
              WHERE later.process = attempts.process AND later.number > attempts.number
              ORDER BY later.number LIMIT 1), 9223372036854775807))));

-- The work of fixtures. `depth` counts the spans around one.
CREATE TABLE spans (span INTEGER PRIMARY KEY, process, start, ns, kind, name, depth, attempt, test,
                    pages, rows, text, seeding_ns);
INSERT INTO spans (process, start, ns, kind, name, depth, attempt, test, pages, rows, text,
                   seeding_ns)
SELECT processes.process, records.start - zero, records.ns, kind, name, depth, attempt,
       coalesce(records.test, attempts.test), pages, rows, records.text, seeding_ns
FROM records JOIN processes USING (file)
     LEFT JOIN attempts ON attempts.process = processes.process
                           AND attempts.number = records.number
WHERE kind NOT IN ('begin', 'case', 'result', 'death', 'end');
CREATE INDEX spans_of_process ON spans (process, start);
UPDATE spans SET attempt = around.attempt, test = coalesce(spans.test, around.test)
FROM (SELECT attempts.*, CASE WHEN ns IS NULL THEN until + 1 ELSE until END AS behind
      FROM attempts JOIN processes USING (process)
      WHERE file NOT IN (SELECT file FROM records WHERE kind IN ('begin', 'case'))) AS around
WHERE spans.process = around.process
      AND spans.start >= around.start AND spans.start < around.behind;
CREATE INDEX spans_of_attempt ON spans (attempt);

-- The last word on a case is that of a parent, else that of its last attempt, unless any failed.
CREATE TABLE cases (position INTEGER PRIMARY KEY, launch, id, program, attempt, process, start, ns,
                    test, verdict, text, attempts, flaky);
INSERT INTO cases (launch, id, program, attempt, process, start, ns, test, verdict, text, attempts,
                   flaky)
WITH
tried AS (
    SELECT *, row_number() OVER (PARTITION BY launch, id ORDER BY start DESC, attempt DESC) AS age,
           count(*) OVER of_case AS attempts, max(failed_then) OVER of_case AS failed,
           first_value(complaint_then) OVER
               (PARTITION BY launch, id ORDER BY failed_then DESC, start DESC, attempt DESC)
               AS complaint
    FROM (SELECT *, coalesce(verdict, 'failed') = 'failed' AS failed_then,
                 coalesce(text, CASE WHEN verdict IS NULL THEN coalesce(
                     (SELECT deaths.text FROM deaths WHERE deaths.process = attempts.process),
                     'its process ended in it') END) AS complaint_then
          FROM attempts)
    WINDOW of_case AS (PARTITION BY launch, id)),
told AS (
    SELECT *, launch AS home FROM (
        SELECT launch, id, records.test, verdict, records.text, attempts, failures, died, ns,
               row_number() OVER (PARTITION BY launch, id ORDER BY line DESC) AS age
        FROM records JOIN processes USING (file) WHERE kind = 'result')
    WHERE age = 1),
keys AS (SELECT launch, id FROM tried UNION SELECT launch, id FROM told)
SELECT keys.launch, keys.id,
       coalesce((SELECT program FROM processes WHERE process = tried.process),
                (SELECT program FROM processes WHERE process = keys.launch)),
       attempt, process, start, coalesce(tried.ns, told.ns), coalesce(told.test, tried.test),
       coalesce(told.verdict, CASE WHEN failed THEN 'failed' ELSE tried.verdict END),
       CASE WHEN home IS NOT NULL THEN coalesce(told.text, told.died, tried.text)
            WHEN failed THEN complaint ELSE tried.text END,
       coalesce(told.attempts, tried.attempts, 0),
       coalesce(told.verdict = 'passed' AND told.failures > 0, 0)
FROM keys LEFT JOIN tried ON tried.launch = keys.launch AND tried.id = keys.id AND tried.age = 1
     LEFT JOIN told ON told.launch = keys.launch AND told.id = keys.id
ORDER BY keys.launch, keys.id;
CREATE INDEX cases_of_launch ON cases (launch, id);
)";

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
