#include "report/record_sql.hpp"

namespace isolite::report::sql {

const char* const make_cases = R"(
-- One run of a case. `until` is when it ended; if its process did not survive it, the end of that.
CREATE TABLE attempts (attempt INTEGER PRIMARY KEY, process, number, launch, id, test, start, ns,
                       until, verdict, text, output, timed_out,
                       UNIQUE (process, number));
INSERT INTO attempts (process, number, launch, id, test, start, ns, verdict, text, output, timed_out)
SELECT process, number, launch,
       coalesce(max(CASE kind WHEN 'case' THEN id END), max(id)),
       coalesce(max(CASE kind WHEN 'case' THEN test END), max(test)),
       coalesce(max(CASE kind WHEN 'case' THEN records.start END), max(records.start)) - zero,
       max(ns), max(verdict), max(text), max(output), max(timed_out)
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

UPDATE attempts SET verdict = 'running'
WHERE verdict IS NULL AND process IN (SELECT process FROM processes WHERE running);

-- What a worker wrote that died its parent tells.
UPDATE attempts SET output = told.output
FROM (SELECT launch, id, output, row_number() OVER (PARTITION BY launch, id ORDER BY line DESC) AS age
      FROM records JOIN processes USING (file) WHERE kind = 'result' AND output IS NOT NULL) AS told
WHERE told.age = 1 AND told.launch = attempts.launch AND told.id = attempts.id AND attempt IN (
    SELECT attempt FROM (SELECT attempt, row_number() OVER (
                             PARTITION BY launch, id ORDER BY start DESC, attempt DESC) AS age
                         FROM attempts WHERE verdict IS NULL)
    WHERE age = 1);
UPDATE attempts SET timed_out = (SELECT max(timed_out) FROM deaths
                                 WHERE deaths.process = attempts.process)
WHERE verdict IS NULL;

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
WHERE kind NOT IN ('begin', 'case', 'result', 'death', 'trouble', 'stopped', 'debug',
                   'verification', 'end');
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
                    test, verdict, text, attempts, flaky, output, timed_out, died);
INSERT INTO cases (launch, id, program, attempt, process, start, ns, test, verdict, text, attempts,
                   flaky, output, timed_out, died)
WITH
tried AS (
    SELECT *, row_number() OVER (PARTITION BY launch, id ORDER BY start DESC, attempt DESC) AS age,
           count(*) OVER of_case AS attempts, max(failed_then) OVER of_case AS failed,
           first_value(complaint_then) OVER by_failure AS complaint,
           first_value(output) OVER by_failure AS complaint_output,
           first_value(timed_out) OVER by_failure AS complaint_timed_out,
           first_value(verdict IS NULL) OVER by_failure AS complaint_died
    FROM (SELECT *, coalesce(verdict, 'failed') = 'failed' AS failed_then,
                 coalesce(text, CASE WHEN verdict IS NULL THEN coalesce(
                     (SELECT deaths.text FROM deaths WHERE deaths.process = attempts.process),
                     'its process ended in it') END) AS complaint_then
          FROM attempts)
    WINDOW of_case AS (PARTITION BY launch, id),
           by_failure AS (PARTITION BY launch, id
                          ORDER BY failed_then DESC, start DESC, attempt DESC)),
told AS (
    SELECT *, launch AS home FROM (
        SELECT launch, id, records.test, verdict, records.text, attempts, failures, died, ns,
               output, timed_out, row_number() OVER (PARTITION BY launch, id ORDER BY line DESC) AS age
        FROM records JOIN processes USING (file) WHERE kind = 'result')
    WHERE age = 1),
keys AS (SELECT launch, id FROM tried UNION SELECT launch, id FROM told)
SELECT keys.launch, keys.id,
       coalesce((SELECT program FROM processes WHERE process = tried.process),
                (SELECT program FROM processes WHERE process = keys.launch)),
       attempt, process, start, coalesce(tried.ns, told.ns), coalesce(told.test, tried.test),
       coalesce(told.verdict, CASE WHEN failed AND tried.verdict IS NOT 'running' THEN 'failed'
                                   ELSE tried.verdict END),
       CASE WHEN home IS NOT NULL THEN coalesce(told.text, told.died, tried.text)
            WHEN failed THEN complaint ELSE tried.text END,
       coalesce(told.attempts, tried.attempts, 0),
       coalesce(told.verdict = 'passed' AND told.failures > 0, 0),
       coalesce(complaint_output, told.output), coalesce(told.timed_out, complaint_timed_out, 0),
       CASE WHEN failed THEN complaint_died ELSE coalesce(died, '') <> '' END
FROM keys LEFT JOIN tried ON tried.launch = keys.launch AND tried.id = keys.id AND tried.age = 1
     LEFT JOIN told ON told.launch = keys.launch AND told.id = keys.id
ORDER BY keys.launch, keys.id;
UPDATE cases SET output = NULL, timed_out = 0, died = 0 WHERE verdict <> 'failed';
CREATE INDEX cases_of_launch ON cases (launch, id);

-- What runs a failed case alone in a debugger, as its program says.
CREATE VIEW debug_commands AS
SELECT position, records.text AS command
FROM records JOIN processes USING (file)
     JOIN cases ON cases.launch = processes.launch AND cases.id = records.id
WHERE kind = 'debug' AND cases.verdict = 'failed' GROUP BY position ORDER BY position;
)";

} // namespace isolite::report::sql
