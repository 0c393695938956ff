// The embedded JSON as objects: cases, spans, and the lanes of the time line that they lie on.

// What became of a case, as the page calls it: how it is marked, and its colour in page.css.
const VERDICTS = [
    { verdict: "passed", mark: "✓", style: "passed" },
    { verdict: "failed", mark: "✕", style: "failed" },
    { verdict: "timed out", mark: "◷", style: "failed" },
    { verdict: "died", mark: "†", style: "failed" },
    { verdict: "stopped", mark: "■", style: "failed" },
    { verdict: "running", mark: "▸", style: "running" },
    { verdict: "skipped", mark: "–", style: "skipped" },
    { verdict: "not run", mark: "○", style: "not-run" },
    { verdict: "left out", mark: "·", style: "left-out" },
];

// The colours of kinds, by the names that page.css gives them.
const KIND_COLOURS = {
    "image built": "image-built",
    "image mapped": "image-mapped",
    "image built alone": "image-alone",
    "engine opened": "engine",
    "session opened": "opened",
    "session closed": "closed",
    "session checked": "checked",
    "session healed": "healed",
    "evidence written": "evidence",
    "real file made": "real-file",
    "file made": "real-file",
    "files prepared": "opened",
    "files put back": "closed",
    fixture: "fixture",
};

const UNHEARD_OF = { verdict: "unknown", mark: "?", style: "not-run" };
const FAILURES = VERDICTS.flatMap(({ style }, i) => (style === "failed" ? [i] : []));

function look_of_verdict(verdict) {
    return VERDICTS.find((look) => look.verdict === verdict) ?? UNHEARD_OF;
}

function is_failure(one) {
    return look_of_verdict(one.verdict).style === "failed";
}

/** Of who took too long nobody asks how he ended. A try without a verdict ended with its process. */
function verdict_of({ verdict, timed_out, died }) {
    return timed_out ? "timed out" : died ? "died" : (verdict ?? "died");
}

function colour_of_kind(kind) {
    return KIND_COLOURS[kind] ?? "fixture";
}

/** Turns {columns, rows} into one object for each row, with its position as `index`. */
function objects_of({ columns, rows }) {
    return rows.map((row, index) => {
        const record = { index };
        columns.forEach((column, i) => {
            record[column] = row[i];
        });
        return record;
    });
}

function read_run(json) {
    const run = JSON.parse(json);
    run.case_list = objects_of(run.cases);
    run.span_list = objects_of(run.spans);
    run.earlier_tries = tries_of(run);
    for (const one of [...run.case_list, ...run.earlier_tries]) {
        const process = run.processes[one.process];
        one.length = length_of(one, process);
        one.verdict = verdict_of(one);
        one.worker = process ? process.worker : null;
        one.program = process ? process.program : null;
        one.launch = process ? process.launch : null;
        one.spans = [];
        one.tries = [];
    }
    for (const { case: index, command } of run.debug ?? []) {
        run.case_list[index].debug = command;
    }
    for (const one of run.earlier_tries) {
        run.case_list[one.index].tries.push(one);
    }
    give_spans(run);
    run.lanes = lanes_of(run);
    return run;
}

/** Gives each span to the try that it was done in, else to the case itself. */
function give_spans(run) {
    for (const span of run.span_list) {
        span.length = span.ns;
        span.kind_name = run.kinds[span.kind];
        span.label = run.names[span.name] ?? "";
        const one = run.case_list[span.case];
        (one?.tries.find((earlier) => is_in(span, earlier)) ?? one)?.spans.push(span);
    }
    for (const one of run.earlier_tries) {
        const outer = one.spans.filter((span) => span.depth === 0);
        one.fixtures_ns = outer.reduce((sum, span) => sum + span.ns, 0);
    }
}

/** Returns the tries of cases before their last one, which `cases` has, as cases of their own. */
function tries_of(run) {
    return objects_of(run.attempts ?? { columns: [], rows: [] }).map((one) => ({
        ...run.case_list[one.case],
        ...one,
        index: one.case,
        session_ns: null,
        pages: null,
    }));
}

function is_in(span, one) {
    return (
        span.case === one.case &&
        span.process === one.process &&
        span.start >= one.start &&
        span.start <= one.start + one.length
    );
}

/** Returns how long a bar a case has: one that never ended lasts as long as its process. */
function length_of(one, process) {
    return one.ns ?? (process && one.start !== null ? Math.max(0, process.end_ns - one.start) : 0);
}

/**
 * Lays processes on lanes: those of a worker follow each other on its lane. If they overlap, as
 * runs on several machines do, they get lanes of their own.
 */
function lanes_of(run) {
    const lanes = [];
    const lane_of_process = new Map();
    const in_order = run.processes
        .map((process, index) => ({ process, index }))
        .sort((a, b) => a.process.start_ns - b.process.start_ns);
    for (const { process, index } of in_order) {
        let lane = lanes.find((l) => l.worker === process.worker && l.end <= process.start_ns);
        if (!lane) {
            lane = { worker: process.worker, processes: [], cases: [], spans: [] };
            lanes.push(lane);
        }
        lane.processes.push(process);
        lane.end = process.end_ns;
        lane_of_process.set(index, lane);
    }
    for (const one of [...run.case_list, ...run.earlier_tries]) {
        if (one.start !== null) {
            lane_of_process.get(one.process)?.cases.push(one);
        }
    }
    for (const span of run.span_list) {
        lane_of_process.get(span.process)?.spans.push(span);
    }
    return lanes.filter(is_worth_a_lane).sort(by_worker).map(furnish_lane).map(number_lane);
}

function is_worth_a_lane(lane) {
    return lane.worker !== "parent" || lane.cases.length + lane.spans.length > 0;
}

/** The parent comes first: it makes what its workers share. */
function by_worker(a, b) {
    const is_parent = (lane) => lane.worker === "parent";
    return is_parent(b) - is_parent(a) || by_value(a.worker, b.worker, 1);
}

/** Lets each case know its lane: they are too many to look for it. */
function number_lane(lane, place) {
    for (const one of lane.cases) {
        one.lane = place;
    }
    return lane;
}

function furnish_lane(lane) {
    lane.case_series = new series(
        lane.cases,
        (one) => Math.max(0, VERDICTS.indexOf(look_of_verdict(one.verdict))),
        VERDICTS.length,
    );
    const depths = Map.groupBy(lane.spans, (span) => span.depth);
    const kinds = lane.spans.reduce((most, span) => Math.max(most, span.kind), 0) + 1;
    lane.span_series = [...depths.keys()]
        .sort((a, b) => a - b)
        .map((depth) => new series(depths.get(depth), (span) => span.kind, kinds));
    return lane;
}
