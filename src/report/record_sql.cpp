#include "report/record_sql.hpp"

namespace isolite::report::sql {

const char* const make_lines = R"(
CREATE TABLE places (place INTEGER PRIMARY KEY, directory TEXT NOT NULL, machine TEXT NOT NULL);
CREATE TABLE files (file INTEGER PRIMARY KEY, path TEXT NOT NULL, place INTEGER NOT NULL,
                    is_blank INTEGER NOT NULL, seen_alive INTEGER);
CREATE TABLE lines (file INTEGER NOT NULL, line INTEGER NOT NULL, text TEXT NOT NULL);
)";

// CASE keeps json_extract away from lines that are no JSON, on which it fails. SQLite parses each
// line once: it remembers the last texts of a statement. Columns have no types here, so that
// typeof() tells what the JSON had.
const char* const read_lines = R"(
CREATE TABLE heads AS
SELECT file, (SELECT seen_alive FROM files WHERE files.file = lines.file) AS seen_alive,
       json_extract(text, '$.run') AS run, json_extract(text, '$.program') AS program,
       json_extract(text, '$.worker') AS worker,
       coalesce(json_extract(text, '$.incarnation'), 0) AS incarnation,
       coalesce(json_extract(text, '$.shard_index'), 0) AS shard,
       coalesce(json_extract(text, '$.shard_total'), 1) AS shards,
       json_extract(text, '$.pid') AS pid,
       coalesce(json_extract(text, '$.parent'), 0) AS parent_pid,
       json_extract(text, '$.start') AS start, json_extract(text, '$.unix_ns') AS unix_ns,
       nullif(json_extract(text, '$.identity'), '') AS identity,
       nullif(json_extract(text, '$.command'), '') AS command,
       nullif(json_extract(text, '$.directory'), '') AS directory,
       nullif(json_extract(text, '$.host'), '') AS host,
       nullif(json_extract(text, '$.system'), '') AS system,
       nullif(json_extract(text, '$.cores'), 0) AS cores,
       nullif(json_extract(text, '$.isolite'), '') AS isolite,
       nullif(json_extract(text, '$.sqlite'), '') AS sqlite
FROM lines
WHERE line = 1 AND CASE WHEN json_valid(text) THEN
    json_extract(text, '$.format') IS 1 AND json_extract(text, '$.kind') IS 'process'
    AND json_type(text, '$.run') IS 'text' AND json_type(text, '$.program') IS 'text'
    AND json_type(text, '$.worker') IS 'text' AND json_type(text, '$.pid') IS 'integer'
    AND json_type(text, '$.start') IS 'integer' AND json_type(text, '$.unix_ns') IS 'integer'
    AND coalesce(json_type(text, '$.parent'), 'integer') = 'integer'
    AND coalesce(json_type(text, '$.incarnation'), 'integer') = 'integer'
    AND coalesce(json_type(text, '$.shard_index'), 'integer') = 'integer'
    AND coalesce(json_type(text, '$.shard_total'), 'integer') = 'integer'
    AND json_extract(text, '$.start') BETWEEN 0 AND 4000000000000000000
    AND json_extract(text, '$.unix_ns') BETWEEN 0 AND 4000000000000000000
    AND coalesce(json_type(text, '$.identity'), 'text') = 'text'
    AND coalesce(json_type(text, '$.command'), 'text') = 'text'
    AND coalesce(json_type(text, '$.directory'), 'text') = 'text'
    AND coalesce(json_type(text, '$.host'), 'text') = 'text'
    AND coalesce(json_type(text, '$.system'), 'text') = 'text'
    AND coalesce(json_type(text, '$.cores'), 'integer') = 'integer'
    AND coalesce(json_type(text, '$.isolite'), 'text') = 'text'
    AND coalesce(json_type(text, '$.sqlite'), 'text') = 'text'
END;

CREATE TABLE records (file, line, kind, start, ns, number, depth, name, test, pages, rows, text,
                      seeding_ns, id, verdict, attempts, failures, died, worker, incarnation, pid,
                      output, timed_out, told_cases);
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
           json_extract(text, '$.incarnation') AS incarnation, json_extract(text, '$.pid') AS pid,
           json_extract(text, '$.output') AS output, json_extract(text, '$.timed_out') AS timed_out,
           json_extract(text, '$.cases') AS told_cases
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
    WHEN kind IN ('trouble', 'stopped', 'verification') THEN text IS NOT NULL
    WHEN kind = 'debug' THEN id IS NOT NULL AND text IS NOT NULL
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
AND (pid IS NULL OR typeof(pid) = 'integer')
AND (output IS NULL OR typeof(output) = 'text') AND (timed_out IS NULL OR timed_out IN (0, 1))
AND (told_cases IS NULL OR typeof(told_cases) = 'integer');
DELETE FROM lines;

-- No record behind the end of a process matters.
DELETE FROM records AS late WHERE line > (
    SELECT ending.line FROM (SELECT file, min(line) AS line FROM records
                             WHERE kind = 'end' GROUP BY file) AS ending
    WHERE ending.file = late.file);
)";

// A process began with its head, or with what it did before it wrote one. It ended with its record
// `end`, else when its parent saw that it was dead, else with the last thing that it is known to
// have done; if it runs, it was seen alive a moment ago.
//
// All processes of a machine share a clock. A file whose clock and calendar differ by more than a
// second from those of the first process is from another machine: it is placed by the calendar.
const char* const make_processes = R"(
CREATE TABLE processes (process INTEGER PRIMARY KEY, file INTEGER UNIQUE, worker, incarnation,
                        program, path, pid, parent_pid, start, end, ended_early, running, zero,
                        launch, place);
INSERT INTO processes
WITH
seen AS (
    SELECT file, min(start) AS first, min(CASE kind WHEN 'end' THEN start END) AS ended,
           max(start + CASE WHEN kind IN ('result', 'death') THEN 0 ELSE coalesce(ns, 0) END)
               AS last
    FROM records GROUP BY file),
bounds AS (
    SELECT heads.*, unix_ns - start AS calendar, min(start, coalesce(first, start)) AS began,
           max(start, coalesce(ended, max(coalesce(last, 0), coalesce(seen_alive, 0)))) AS stopped,
           ended IS NULL AND seen_alive IS NULL AS ended_early,
           ended IS NULL AND seen_alive IS NOT NULL AS running
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
       parent_pid, began - zero, stopped - zero, ended_early, running, zero, NULL, place
FROM placed;

-- The launch of a program: its parent, or the process itself if nobody forked it for its cases.
-- A number below 0 stands for a parent whose records are missing: other machines have the same ones.
CREATE INDEX processes_of_pid ON processes (pid);
UPDATE processes SET launch = CASE WHEN parent_pid > 0 THEN -(parent_pid + 4294967296 * place)
                                   ELSE process END;
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
       records.text, records.timed_out, records.start - mother.zero AS start,
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

} // namespace isolite::report::sql
