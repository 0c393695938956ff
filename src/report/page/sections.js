// The tables of the page. A section with nothing to show leaves, or says so in one sentence.

const name_column = (value) => ({
    name: "Test",
    value,
    cell: (record) => (value(record) === null ? UNKNOWN : test_name(value(record))),
    style: "name",
});
const text_column = (name, value) => ({ name, value, cell: value });
const prose_column = (name, value) => ({
    name,
    style: "prose",
    cell: (record) => make("span", { title: value(record) }, value(record) ?? UNKNOWN),
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
                { name: "Fixture", value: (f) => f.kind, cell: (f) => kind_name(f.kind) },
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

function show_slowest(run) {
    const cases = run.slowest_cases;
    const fixtures = run.slowest_fixtures;
    by_id("slowest").hidden = cases.length + fixtures.length === 0;
    if (cases.length > 0) {
        const most = largest(cases, (one) => one.ns);
        fill(
            "slowest-cases",
            new record_table({
                caption: "Slowest tests",
                records: cases,
                columns: [
                    name_column((one) => one.test),
                    duration_column("Took", (one) => one.ns, most),
                    duration_column("In fixtures", (one) => one.fixtures_ns),
                    text_column("Worker", (one) => one.worker),
                    {
                        name: "Verdict",
                        value: (one) => one.verdict,
                        cell: (one) => verdict_mark(one.verdict),
                    },
                ],
            }).element,
        );
    }
    if (fixtures.length > 0) {
        const most = largest(fixtures, (span) => span.ns);
        fill(
            "slowest-fixtures",
            new record_table({
                caption: "Slowest fixtures",
                records: fixtures,
                columns: [
                    {
                        name: "Fixture",
                        value: (span) => span.kind,
                        cell: (span) => kind_name(span.kind),
                    },
                    text_column("Name", (span) => span.name),
                    duration_column("Took", (span) => span.ns, most),
                    text_column("Worker", (span) => span.worker),
                    name_column((span) => span.test),
                ],
            }).element,
        );
    }
}

function show_failures(run, pin) {
    const failed = run.case_list.filter(
        (one) => one.verdict === "failed" || one.verdict === "not run",
    );
    if (failed.length === 0) {
        return;
    }
    fill(
        "failures",
        new record_table({
            caption: "Tests that failed or did not run",
            records: failed,
            page_size: 20,
            columns: [
                pin_column(pin),
                {
                    name: "Verdict",
                    value: (one) => one.verdict,
                    cell: (one) => verdict_mark(one.verdict),
                },
                text_column("Worker", (one) => one.worker),
                duration_column("Took", (one) => one.ns),
                prose_column("Why", (one) => one.text),
            ],
        }).element,
    );
}

/** Names a case by a button that shows it on the time line. */
function pin_column(pin) {
    return {
        name: "Test",
        value: (one) => one.test,
        style: "name",
        cell: (one) =>
            make(
                "button",
                { type: "button", class: "link", click: () => pin(one) },
                test_name(one.test),
            ),
    };
}

function show_leaks(run) {
    if (run.leaks.length === 0) {
        say_unless_empty(run, "leaks", "Every session gave its database back clean.");
        return;
    }
    fill(
        "leaks",
        new record_table({
            caption: "What tests left behind",
            records: run.leaks,
            columns: [
                name_column((leak) => leak.test),
                text_column("Database", (leak) => leak.database),
                number_column("Rows", (leak) => leak.rows),
                number_column("Pages", (leak) => leak.pages),
                text_column("Worker", (leak) => leak.worker),
                prose_column("What", (leak) => leak.text),
            ],
        }).element,
    );
}

function show_deaths(run) {
    if (run.deaths.length === 0) {
        return;
    }
    fill(
        "deaths",
        new record_table({
            caption: "Workers that died",
            records: run.deaths,
            columns: [
                text_column("Worker", (death) => death.worker),
                number_column("Incarnation", (death) => death.incarnation),
                name_column((death) => death.test),
                prose_column("How", (death) => death.text),
            ],
        }).element,
    );
}

function changes_table(caption, changes) {
    return new record_table({
        caption,
        records: changes,
        columns: [
            name_column((change) => change.test),
            duration_column("Before", (change) => change.old_ns),
            duration_column("Now", (change) => change.new_ns),
            {
                name: "Change",
                value: (change) => change.new_ns - change.old_ns,
                is_number: true,
                cell: (change) =>
                    `${change.new_ns > change.old_ns ? "+" : ""}${duration(change.new_ns - change.old_ns)}`,
            },
            {
                name: "Times",
                value: (change) => change.new_ns / Math.max(1, change.old_ns),
                is_number: true,
                cell: (change) => ratio(change.old_ns, change.new_ns),
            },
            {
                name: "Noise",
                value: (change) => change.noise_ns,
                is_number: true,
                cell: (change) => `±${THIN_SPACE}${duration(change.noise_ns)}`,
            },
        ],
    }).element;
}

function rest_of_comparison({ within_noise, unknown, only_old, only_new }) {
    const parts = [`${count_of(within_noise, "test")} within the noise`];
    if (unknown > 0) {
        parts.push(`${grouped(unknown)} too new to judge`);
    }
    return make(
        "p",
        { class: "quiet" },
        `${parts.join(", ")}.`,
        ...only_in("new in this run", only_new),
        ...only_in("gone since then", only_old),
    );
}

function only_in(words, tests) {
    if (tests.length === 0) {
        return [];
    }
    return [
        make(
            "details",
            {},
            make("summary", {}, `${count_of(tests.length, "test")} ${words}`),
            make(
                "ul",
                {},
                ...tests.slice(0, 200).map((test) => make("li", {}, test_name(test))),
                tests.length > 200
                    ? make("li", {}, `and ${grouped(tests.length - 200)} more`)
                    : null,
            ),
        ),
    ];
}

function show_comparison({ compared }) {
    if (!compared) {
        return;
    }
    fill(
        "comparison",
        make(
            "p",
            { class: "quiet" },
            `This run beside run ${compared.old}: ` +
                `${count_of(compared.slower.length, "test")} slower, ` +
                `${grouped(compared.faster.length)} faster.`,
        ),
        make(
            "div",
            { class: "columns" },
            compared.slower.length > 0 ? changes_table("Slower", compared.slower) : null,
            compared.faster.length > 0 ? changes_table("Faster", compared.faster) : null,
        ),
        rest_of_comparison(compared),
    );
}

function show_trend({ earlier }) {
    if (earlier.length < 2) {
        return;
    }
    const table = new record_table({
        caption: "This run and those before it",
        records: earlier,
        columns: [
            { name: "Began", value: (run) => run.began, cell: (run) => short_calendar(run.began) },
            number_column("Tests", (run) => run.cases),
            number_column("Failed", (run) => run.failed),
            duration_column("Wall", (run) => run.wall_ns),
            duration_column("In tests", (run) => run.tests_ns),
            duration_column("In fixtures", (run) => run.fixtures_ns),
        ],
    });
    fill(
        "trend",
        make(
            "div",
            { class: "columns" },
            trend_figure(earlier, "Wall time", (run) => run.wall_ns),
            trend_figure(earlier, "Time in fixtures", (run) => run.fixtures_ns),
        ),
        make("details", {}, make("summary", {}, "The figures"), table.element),
    );
}

function show_sessions(run) {
    const figure = session_figure(run);
    if (figure) {
        fill("sessions", figure);
    }
}
