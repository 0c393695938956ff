// The top of the page: what ran, how it ended, and the one sentence that matters.

function outcome(run) {
    const { counts } = run;
    const wall = duration(run.run.wall_ns);
    if (counts.cases === 0) {
        return "No test ran";
    }
    const ends = run.processes.filter((process) => process.ended_early).length;
    const tests = count_of(counts.cases, "test");
    const early =
        ends > 0
            ? `, and ${ends === 1 ? "a process" : `${grouped(ends)} processes`} ended early`
            : "";
    if (counts.failed > 0) {
        return `${grouped(counts.failed)} of ${tests} failed in ${wall}${early}`;
    }
    if (counts.not_run > 0) {
        return `${grouped(counts.not_run)} of ${tests} did not run${early}`;
    }
    return `${count_of(counts.passed, "test")} passed in ${wall}${early}`;
}

function share_of_fixtures({ totals }) {
    const busy = totals.tests_ns + totals.fixtures_ns;
    return busy > 0 ? totals.fixtures_ns / busy : null;
}

/** Says what fixtures took, and what sharing what they seed was good for. */
function lede(run) {
    const share = share_of_fixtures(run);
    const { per_test_ns, saved_ns, fixtures_ns } = run.sharing;
    if (share === null) {
        return "No time was recorded, in tests or in fixtures.";
    }
    const took = `Fixtures took ${percent(share)} of the time`;
    if (per_test_ns === null || saved_ns === null) {
        return `${took}, ${duration(fixtures_ns)} in all workers together.`;
    }
    if (saved_ns > 0) {
        return (
            `${took}; seeding for each test would have cost ${duration(per_test_ns)}, ` +
            `sharing it saved ${duration(saved_ns)}.`
        );
    }
    return (
        `${took}; seeding for each test would have cost only ${duration(per_test_ns)}, ` +
        "so sharing it saved nothing."
    );
}

function figure_of(name, value, remark = "") {
    return make("div", {}, make("dt", {}, name), make("dd", {}, value, make("small", {}, remark)));
}

function counts_remark({ counts }) {
    const parts = [
        [counts.passed, "passed"],
        [counts.failed, "failed"],
        [counts.skipped, "skipped"],
        [counts.not_run, "not run"],
        [counts.left_out, "left out"],
        [counts.flaky, "flaky"],
    ];
    return parts
        .filter(([count]) => count > 0)
        .map(([count, word]) => `${grouped(count)} ${word}`)
        .join(", ");
}

function show_figures(run) {
    const { totals, sharing, workers } = run;
    const busy = totals.tests_ns + totals.fixtures_ns;
    const share = share_of_fixtures(run);
    const replacements = workers.reduce((sum, worker) => sum + worker.replacements, 0);
    const figures = [
        figure_of("Wall time", duration(run.run.wall_ns)),
        figure_of("Tests", grouped(run.counts.cases), counts_remark(run)),
        figure_of(
            "Workers",
            grouped(workers.length),
            replacements > 0 ? count_of(replacements, "replacement") : "",
        ),
        figure_of(
            "In fixtures",
            share === null ? UNKNOWN : percent(share),
            share === null ? "" : `${duration(totals.fixtures_ns)} of ${duration(busy)}`,
        ),
    ];
    if (sharing.saved_ns !== null && sharing.saved_ns > 0) {
        figures.push(
            figure_of(
                "Saved by sharing",
                duration(sharing.saved_ns),
                `of ${duration(sharing.per_test_ns)} for seeding each test`,
            ),
        );
    }
    by_id("figures").replaceChildren(...figures);
}

/** Bad news is announced at the top and told below. */
function notices(run) {
    const news = [
        [run.counts.failed, "test failed", "tests failed", "failures", "✕"],
        [run.deaths.length, "worker died", "workers died", "deaths", "✕"],
        [
            run.leaks.length,
            "test left something behind",
            "tests left something behind",
            "leaks",
            "◆",
        ],
    ];
    return news
        .filter(([count]) => count > 0)
        .map(([count, one, many, section, mark]) =>
            make(
                "li",
                {},
                make(
                    "a",
                    { href: `#${section}` },
                    make("span", { class: "mark", "aria-hidden": "true" }, mark),
                    count_of(count, one, many),
                ),
            ),
        );
}

function show_headline(run) {
    const { id, began, programs } = run.run;
    by_id("outcome").textContent = outcome(run);
    document.title = `${outcome(run)} – isolite`;
    by_id("lede").textContent = lede(run);
    by_id("about").append(
        make("span", { class: "programs" }, programs.join(", ") || "no program"),
        make("time", { datetime: new Date(began * 1000).toISOString() }, calendar(began)),
        make("span", { class: "id" }, `run ${id}`),
    );
    by_id("notices").replaceChildren(...notices(run));
    show_figures(run);
    by_id("source").textContent =
        `Made by isolite ${run.isolite} of the records in ${run.run.directory}`;
}
