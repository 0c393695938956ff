// This run beside those before it: what became slower or faster, and how they went.

function signed_duration(ns) {
    return `${ns > 0 ? "+" : ""}${duration(ns)}`;
}

function changes_table(caption, changes, run, reveal) {
    return new record_table({
        caption,
        records: changes,
        columns: [
            name_column(run, reveal),
            duration_column("Before", (change) => change.old_ns),
            duration_column("Now", (change) => change.new_ns),
            {
                name: "Change",
                value: (change) => change.new_ns - change.old_ns,
                is_number: true,
                cell: (change) => signed_duration(change.new_ns - change.old_ns),
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

function show_comparison(run, reveal) {
    const { compared } = run;
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
            compared.slower.length > 0
                ? changes_table("Slower", compared.slower, run, reveal)
                : null,
            compared.faster.length > 0
                ? changes_table("Faster", compared.faster, run, reveal)
                : null,
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
