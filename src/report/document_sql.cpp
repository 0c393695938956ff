#include "report/document_sql.hpp"

namespace isolite::report::sql {

// SQLite may forget on the way out of a subquery that a text is JSON, hence json() around some.
const char* const make_document = R"(
CREATE TABLE document (name TEXT NOT NULL, value TEXT NOT NULL);

INSERT INTO document SELECT 'run', json_object(
    'id', id, 'directory', directory, 'began', began, 'wall_ns', wall_ns,
    'programs', json((SELECT json_group_array(program) FROM
                      (SELECT program FROM processes GROUP BY program ORDER BY min(process)))),
    'ended_early', json(CASE ended_early WHEN 0 THEN 'false' ELSE 'true' END),
    'verdict', verdict)
FROM run, source;

INSERT INTO document SELECT 'launches', json_group_array(json_object(
    'program', program, 'path', path, 'pid', pid, 'verdict', verdict, 'cases', cases,
    'failed', failed, 'start_ns', start, 'end_ns', end, 'command', command,
    'directory', directory, 'host', host, 'system', system, 'cores', cores, 'isolite', isolite,
    'sqlite', sqlite))
FROM (SELECT * FROM launches ORDER BY number);

INSERT INTO document SELECT 'counts', json_object(
    'cases', count(*), 'passed', coalesce(sum(verdict = 'passed'), 0),
    'failed', coalesce(sum(verdict = 'failed'), 0),
    'skipped', coalesce(sum(verdict = 'skipped'), 0),
    'not_run', coalesce(sum(verdict = 'not run'), 0),
    'left_out', coalesce(sum(verdict = 'left out'), 0),
    'running', coalesce(sum(verdict = 'running'), 0), 'flaky', coalesce(sum(flaky), 0),
    'timed_out', coalesce(sum(timed_out), 0))
FROM cases;

INSERT INTO document SELECT 'totals', json_object(
    'wall_ns', coalesce(sum(wall_ns), 0), 'tests_ns', coalesce(sum(tests_ns), 0),
    'fixtures_ns', coalesce(sum(fixtures_ns), 0), 'idle_ns', coalesce(sum(idle_ns), 0))
FROM workers;

INSERT INTO document SELECT 'sharing', json_object(
    'seeds', json((SELECT json_group_array(json_object(
        'name', name, 'seeding_ns', seeding_ns, 'tests', tests, 'workers', workers)) FROM seeds)),
    'per_test_ns', per_test_ns, 'per_worker_ns', per_worker_ns, 'fixtures_ns', fixtures_ns,
    'saved_ns', per_test_ns - fixtures_ns)
FROM sharing;

INSERT INTO document SELECT 'workers', json_group_array(json_object(
    'name', name, 'cases', cases, 'wall_ns', wall_ns, 'tests_ns', tests_ns,
    'fixtures_ns', fixtures_ns, 'idle_ns', idle_ns, 'replacements', replacements))
FROM workers;

INSERT INTO document SELECT 'processes', json_group_array(json_object(
    'worker', worker, 'incarnation', incarnation, 'program', program, 'pid', pid,
    'launch', number, 'start_ns', start, 'end_ns', end,
    'ended_early', json(CASE ended_early WHEN 0 THEN 'false' ELSE 'true' END),
    'running', json(CASE running WHEN 0 THEN 'false' ELSE 'true' END),
    'during', CASE WHEN ended_early THEN coalesce(
        (SELECT test FROM attempts WHERE attempts.process = listed.process AND ns IS NULL
         ORDER BY number DESC LIMIT 1),
        (SELECT test FROM deaths WHERE deaths.process = listed.process LIMIT 1)) END,
    'why', (SELECT text FROM deaths WHERE deaths.process = listed.process LIMIT 1)))
FROM (SELECT processes.*, number FROM processes JOIN launches USING (launch)
      ORDER BY process) AS listed;

INSERT INTO document SELECT 'fixtures', json_group_array(json_object(
    'kind', kind, 'name', name, 'count', count, 'total_ns', total_ns, 'median_ns', median_ns,
    'p95_ns', p95_ns, 'max_ns', max_ns))
FROM fixtures;

INSERT INTO document SELECT 'slowest_cases', json_group_array(json_object(
    'test', test, 'program', program, 'worker', worker, 'ns', ns, 'fixtures_ns', fixtures_ns,
    'verdict', verdict))
FROM slowest_cases;

INSERT INTO document SELECT 'slowest_fixtures', json_group_array(json_object(
    'kind', kind, 'name', name, 'test', test, 'worker', worker, 'ns', ns))
FROM slowest_fixtures;

INSERT INTO document SELECT 'cases', json_object(
    'columns', json_array('process', 'start', 'ns', 'fixtures_ns', 'session_ns', 'pages', 'test',
                          'verdict', 'text', 'attempts', 'output', 'timed_out', 'died'),
    'rows', json((SELECT json_group_array(json_array(
        process, start, ns, fixtures_ns, session_ns, pages, test, verdict, text, attempts, output,
        timed_out, died))
        FROM (SELECT * FROM cases JOIN case_costs USING (position) ORDER BY position))));

INSERT INTO document SELECT 'debug', json_group_array(json_object(
    'case', position - 1, 'command', command))
FROM debug_commands;

-- The attempts that `cases` does not show, which shows the last of each case.
INSERT INTO document SELECT 'attempts', json_object(
    'columns', json_array('process', 'start', 'ns', 'case', 'verdict', 'text', 'output',
                          'timed_out'),
    'rows', json((SELECT json_group_array(json_array(
        process, start, ns, place, verdict, text, output, coalesce(timed_out, 0)))
        FROM (SELECT attempts.*, position - 1 AS place
              FROM attempts JOIN cases USING (launch, id)
              WHERE attempts.attempt <> cases.attempt
              ORDER BY attempts.process, attempts.number))));

CREATE TABLE kinds AS SELECT DISTINCT kind FROM spans ORDER BY kind;
CREATE TABLE names AS SELECT DISTINCT name FROM spans WHERE name IS NOT NULL ORDER BY name;
CREATE INDEX kinds_by_kind ON kinds (kind);
CREATE INDEX names_by_name ON names (name);
INSERT INTO document SELECT 'spans', json_object(
    'columns', json_array('process', 'start', 'ns', 'kind', 'name', 'depth', 'case'),
    'rows', json((SELECT json_group_array(json_array(
        process, start, ns, kind_place, name_place, depth, place))
        FROM (SELECT spans.*, kinds.rowid - 1 AS kind_place, names.rowid - 1 AS name_place,
                     cases.position - 1 AS place
              FROM spans JOIN kinds USING (kind) LEFT JOIN names USING (name)
                   LEFT JOIN attempts ON attempts.attempt = spans.attempt
                   LEFT JOIN cases ON cases.launch = attempts.launch AND cases.id = attempts.id
              ORDER BY spans.process, spans.start, depth, span))));
INSERT INTO document SELECT 'kinds', json_group_array(kind)
FROM (SELECT kind FROM kinds ORDER BY rowid);
INSERT INTO document SELECT 'names', json_group_array(name)
FROM (SELECT name FROM names ORDER BY rowid);

INSERT INTO document SELECT 'leaks', json_group_array(json_object(
    'test', test, 'worker', worker, 'database', database, 'rows', rows, 'pages', pages,
    'text', text))
FROM leaks;

INSERT INTO document SELECT 'deaths', json_group_array(json_object(
    'worker', worker, 'incarnation', coalesce(incarnation, 0), 'test', test, 'text', text,
    'timed_out', json(CASE timed_out WHEN 1 THEN 'true' ELSE 'false' END)))
FROM (SELECT * FROM deaths ORDER BY rowid);

INSERT INTO document SELECT 'troubles', json_group_array(json_object(
    'program', program, 'text', text))
FROM troubles;

INSERT INTO document SELECT 'verifications', json_group_array(json_object(
    'program', program, 'text', text))
FROM verifications;

INSERT INTO document SELECT 'earlier', json_group_array(json_object(
    'id', id, 'began', began, 'wall_ns', wall_ns, 'cases', cases, 'failed', failed,
    'tests_ns', tests_ns, 'fixtures_ns', fixtures_ns))
FROM (SELECT * FROM earlier_runs ORDER BY place);

INSERT INTO document SELECT 'compared', CASE WHEN old IS NULL THEN 'null' ELSE json_object(
    'old', old, 'new', run.id,
    'slower', json((SELECT json_group_array(json_object(
        'test', test, 'program', program, 'old_ns', old_ns, 'new_ns', new_ns,
        'noise_ns', noise_ns, 'samples', samples)) FROM slower)),
    'faster', json((SELECT json_group_array(json_object(
        'test', test, 'program', program, 'old_ns', old_ns, 'new_ns', new_ns,
        'noise_ns', noise_ns, 'samples', samples)) FROM faster)),
    'within_noise', (SELECT count(*) FROM changes WHERE change = 'within noise'),
    'unknown', (SELECT count(*) FROM changes WHERE change = 'unknown'),
    'only_old', json((SELECT json_group_array(test) FROM only_old)),
    'only_new', json((SELECT json_group_array(test) FROM only_new))) END
FROM run, source;
)";

const char* const document_text =
    R"(SELECT json_group_object(name, json(value)) FROM (SELECT * FROM document ORDER BY rowid))";

} // namespace isolite::report::sql
