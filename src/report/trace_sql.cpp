#include "report/trace_sql.hpp"

namespace isolite::report::sql {

const char* const make_tracks = R"(
CREATE TABLE tracks (process INTEGER PRIMARY KEY, track INTEGER NOT NULL);
)";

// The parent first, and w10 behind w9.
const char* const processes_by_worker = R"(
SELECT process, worker, start, end FROM processes
ORDER BY worker <> 'parent', rtrim(worker, '0123456789'), length(worker), worker, process
)";

// An attempt is around the fixtures in it, also where they begin and end with it.
const char* const make_slices = R"(
CREATE TABLE slices (slice INTEGER PRIMARY KEY, track, start, until, level, name, category, args);
INSERT INTO slices (track, start, until, level, name, category, args)
SELECT track, attempts.start, until, -1, test, 'case', json_patch('{}', json_object(
    'verdict', coalesce(verdict, 'failed'), 'program', program,
    'text', coalesce(attempts.text, (SELECT deaths.text FROM deaths
                                     WHERE verdict IS NULL AND deaths.process = attempts.process)),
    'incarnation', nullif(incarnation, 0)))
FROM attempts JOIN processes USING (process) JOIN tracks USING (process)
UNION ALL
SELECT track, spans.start, spans.start + ns, depth, coalesce(kind || ' ' || name, kind), 'fixture',
       json_patch('{}', json_object('kind', kind, 'test', spans.test, 'pages', pages,
                                    'rows', rows, 'text', text, 'seeding_ns', seeding_ns))
FROM spans JOIN tracks USING (process);
)";

const char* const slices_by_track = R"(
SELECT slice, track, start, until FROM slices ORDER BY track, start, until DESC, level, slice
)";

// Times are in microseconds. They are written digit by digit: a REAL would round them.
const char* const trace_text = R"(
WITH
lead AS (
    SELECT track, min(process) AS process FROM tracks GROUP BY track),
events AS (
    SELECT 0 AS part, 0 AS at, 0 AS width, 0 AS place, json_object(
        'name', 'process_name', 'ph', 'M', 'pid', 1, 'tid', 0,
        'args', json_object('name', 'isolite run ' || id)) AS event FROM run
    UNION ALL
    SELECT 0, 0, 0, track, json_object('name', 'thread_name', 'ph', 'M', 'pid', 1, 'tid', track,
        'args', json_object('name', worker))
    FROM lead JOIN processes USING (process)
    UNION ALL
    SELECT 0, 0, 1, track, json_object('name', 'thread_sort_index', 'ph', 'M', 'pid', 1,
        'tid', track, 'args', json_object('sort_index', track)) FROM lead
    UNION ALL
    SELECT 1, start, start - until, slice, json_object(
        'name', name, 'cat', category, 'ph', 'X', 'pid', 1, 'tid', track,
        'ts', json(printf('%.3f', start / 1000.0)),
        'dur', json(printf('%.3f', (until - start) / 1000.0)),
        'args', json(args))
    FROM (SELECT * FROM slices ORDER BY track, start, until DESC, level, slice))
SELECT json_object('displayTimeUnit', 'ms', 'otherData', json_object('run', (SELECT id FROM run)),
    'traceEvents', json((SELECT json_group_array(json(event)) FROM
        (SELECT event FROM events ORDER BY part, at, width, place))))
)";

} // namespace isolite::report::sql
