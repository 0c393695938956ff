// The tables of this run. A section with nothing to show leaves, or says so in one sentence.

const RECORDS_ON_A_PAGE = 20;

/** Names the test of a record; where a case of this run is meant, a button shows it. */
function name_column({ case_list }, reveal) {
    return {
        name: "Test",
        style: "name",
        value: (record) => record.test,
        cell: (record) => {
            const one = case_of(case_list, record);
            if (record.test === null || !one) {
                return record.test === null ? UNKNOWN : test_name(record.test);
            }
            return case_link(one, reveal);
        },
    };
}

function case_link(one, reveal) {
    const click = () => reveal(one);
    return make("button", { type: "button", class: "link", click }, test_name(one.test));
}

/** Finds the case that a record tells of; names alone need not be unique. */
function case_of(case_list, record) {
    const is_same = (one, key) => record[key] === undefined || record[key] === one[key];
    const found = case_list.filter(
        (one) => one.test === record.test && is_same(one, "worker") && is_same(one, "program"),
    );
    return found.find((one) => one.ns === record.ns) ?? found[0];
}

const text_column = (name, value) => ({ name, value, cell: value });
const kind_column = {
    name: "Fixture",
    value: (record) => record.kind,
    cell: (record) => kind_name(record.kind),
};
const verdict_column = {
    name: "Verdict",
    value: (one) => one.verdict,
    cell: (one) => verdict_mark(one.verdict),
};
const prose_column = (name, value) => ({
    name,
    style: "prose",
    cell: (record) => value(record),
});
const number_column = (name, value) => ({
    name,
    value,
    is_number: true,
    cell: (record) => (value(record) === null ? UNKNOWN : grouped(value(record))),
});

/** Makes a column of durations; `most` is what its bars are measured by. */
function duration_column(name, value, most = null) {
    return {
        name,
        value,
        is_number: true,
        cell: (record) =>
            most
                ? measured(duration(value(record)), value(record) / most)
                : duration(value(record)),
    };
}

function largest(records, value) {
    return records.reduce((most, record) => Math.max(most, value(record) ?? 0), 1);
}

function fill(id, ...content) {
    by_id(id).hidden = false;
    by_id(id).append(...content.filter(Boolean));
}

/** Of a run in which nothing happened, one sentence below the time line is enough. */
function say_unless_empty(run, id, sentence) {
    if (run.case_list.length > 0) {
        fill(id, make("p", { class: "quiet" }, sentence));
    }
}

/** Shows how a worker's time was spent, as one bar of three parts. */
function shares_of_time(worker) {
    const part = (style, ns) => {
        const bar = make("span", { class: style });
        bar.style.flexGrow = Math.max(0, ns);
        return bar;
    };
    const said =
        `tests ${duration(worker.tests_ns)}, fixtures ${duration(worker.fixtures_ns)}, ` +
        `idle ${duration(worker.idle_ns)}`;
    return make(
        "span",
        { class: "shares", role: "img", "aria-label": said, title: said },
        part("passed", worker.tests_ns),
        part("fixture", worker.fixtures_ns),
        part("idle", worker.idle_ns),
    );
}

function show_workers(run) {
    if (run.workers.length === 0) {
        return;
    }
    const share = (worker) =>
        worker.fixtures_ns / Math.max(1, worker.tests_ns + worker.fixtures_ns);
    fill(
        "workers",
        new record_table({
            caption: "Workers and how they spent their time",
            records: run.workers,
            columns: [
                text_column("Worker", (w) => w.name),
                number_column("Tests", (w) => w.cases),
                duration_column("Wall", (w) => w.wall_ns),
                duration_column("In tests", (w) => w.tests_ns),
                duration_column("In fixtures", (w) => w.fixtures_ns),
                { name: "Share", value: share, is_number: true, cell: (w) => percent(share(w)) },
                duration_column("Idle", (w) => w.idle_ns),
                number_column("Replaced", (w) => w.replacements),
                { name: "Tests, fixtures, idle", cell: shares_of_time, style: "wide" },
            ],
        }).element,
    );
}

function kind_name(kind) {
    const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = `var(--${colour_of_kind(kind)})`;
    return make("span", { class: "kind" }, swatch, kind);
}

function show_fixtures(run) {
    if (run.fixtures.length === 0) {
        say_unless_empty(run, "fixtures", "No fixture was recorded.");
        return;
    }
    const most = largest(run.fixtures, (f) => f.total_ns);
    fill(
        "fixtures",
        new record_table({
            caption: "Fixtures by kind and name",
            records: run.fixtures,
            columns: [
                kind_column,
                text_column("Name", (f) => f.name),
                number_column("Count", (f) => f.count),
                duration_column("Total", (f) => f.total_ns, most),
                duration_column("Median", (f) => f.median_ns),
                duration_column("95th percentile", (f) => f.p95_ns),
                duration_column("Max", (f) => f.max_ns),
            ],
        }).element,
        words_on_seeds(run.sharing.seeds),
    );
}

/** Says what it takes to make what tests share, where that is known. */
function words_on_seeds(seeds) {
    const known = seeds.filter((seed) => seed.seeding_ns !== null);
    const words = known.map(
        (seed) =>
            `Applying the seed ${seed.name} takes ${duration(seed.seeding_ns)}; ` +
            `${count_of(seed.tests, "test")} on ${count_of(seed.workers, "worker")} shared it.`,
    );
    return words.length > 0 ? make("p", { class: "quiet" }, words.join(" ")) : null;
}

function show_slowest(run, reveal) {
    by_id("slowest").hidden = run.slowest_cases.length + run.slowest_fixtures.length === 0;
    if (run.slowest_cases.length > 0) {
        fill("slowest-cases", slowest_cases_table(run, reveal));
    }
    if (run.slowest_fixtures.length > 0) {
        fill("slowest-fixtures", slowest_fixtures_table(run, reveal));
    }
}

function slowest_cases_table(run, reveal) {
    const most = largest(run.slowest_cases, (one) => one.ns - one.fixtures_ns);
    return new record_table({
        caption: "Slowest tests",
        records: run.slowest_cases,
        columns: [
            name_column(run, reveal),
            duration_column("In test", (one) => one.ns - one.fixtures_ns, most),
            duration_column("In fixtures", (one) => one.fixtures_ns),
            text_column("Worker", (one) => one.worker),
            verdict_column,
        ],
    }).element;
}

function slowest_fixtures_table(run, reveal) {
    const most = largest(run.slowest_fixtures, (span) => span.ns);
    return new record_table({
        caption: "Slowest fixtures",
        records: run.slowest_fixtures,
        columns: [
            kind_column,
            text_column("Name", (span) => span.name),
            duration_column("Took", (span) => span.ns, most),
            text_column("Worker", (span) => span.worker),
            name_column(run, reveal),
        ],
    }).element;
}

function show_leaks(run, reveal) {
    if (run.leaks.length === 0) {
        say_unless_empty(run, "leaks", "Every session gave its database back clean.");
        return;
    }
    fill(
        "leaks",
        new record_table({
            caption: "What tests left behind",
            records: run.leaks,
            page_size: RECORDS_ON_A_PAGE,
            columns: [
                name_column(run, reveal),
                text_column("Database", (leak) => leak.database),
                number_column("Rows", (leak) => leak.rows),
                number_column("Pages", (leak) => leak.pages),
                text_column("Worker", (leak) => leak.worker),
                prose_column("What", (leak) => leak.text),
            ],
        }).element,
    );
}

function show_deaths(run, reveal) {
    const deaths = run.deaths.filter((death) => !death.timed_out);
    if (deaths.length === 0) {
        return;
    }
    fill(
        "deaths",
        new record_table({
            caption: "Workers that died",
            records: deaths,
            page_size: RECORDS_ON_A_PAGE,
            columns: [
                text_column("Worker", (death) => death.worker),
                number_column("Incarnation", (death) => death.incarnation),
                name_column(run, reveal),
                prose_column("How", (death) => death.text),
            ],
        }).element,
    );
}

/** Shows how durations are distributed, where they are many enough to say something. */
function show_durations(run) {
    const figures = [case_figure(run), session_figure(run)].filter(Boolean);
    if (figures.length > 0) {
        fill("durations", make("div", { class: "columns" }, ...figures));
    }
}
