// The top of the page: what ran, how it ended, and the one sentence that matters.

/** Returns a line of what a verification says that is all of the run; null if there is none. */
function line_of_verification({ verifications, launches }, number) {
    if (verifications.length !== 1 || launches.length !== 1) {
        return null;
    }
    const line = verifications[0].text.split("\n")[number]?.trim() ?? "";
    return line.charAt(0).toUpperCase() + line.slice(1);
}

function outcome(run) {
    const verified = line_of_verification(run, 0);
    if (verified) {
        return verified;
    }
    const { counts } = run;
    const { verdict } = run.run;
    const seen = verdict === "died" ? " until the last sign of life" : "";
    const wall = `${duration(run.run.wall_ns)}${seen}`;
    const tests = count_of(counts.cases, "test");
    if (verdict === "running") {
        return `Still running, ${tests} in ${wall} so far`;
    }
    if (counts.cases === 0) {
        return "No test ran";
    }
    if (counts.failed > 0) {
        return `${grouped(counts.failed)} of ${tests} failed in ${wall}${early_end(run)}`;
    }
    if (counts.not_run > 0) {
        return `${grouped(counts.not_run)} of ${tests} did not run${early_end(run)}`;
    }
    const passed = `${count_of(counts.passed, "test")} passed in ${wall}`;
    return verdict === "failed"
        ? `${passed}, but the run failed`
        : `${passed}${early_end(run)}`;
}

/** Says what ended too early: the run, or workers of it. */
function early_end(run) {
    const { verdict } = run.run;
    if (verdict === "died" || verdict === "stopped") {
        return verdict === "died" ? ", and the run died" : ", and the run was stopped";
    }
    const ends = run.processes.filter((process) => process.ended_early).length;
    const late = run.deaths.filter((death) => death.timed_out).length;
    const early = ends - late;
    return early > 0
        ? `, and ${early === 1 ? "a process" : `${grouped(early)} processes`} ended early`
        : "";
}

function share_of_fixtures({ totals }) {
    const busy = totals.tests_ns + totals.fixtures_ns;
    return busy > 0 ? totals.fixtures_ns / busy : null;
}

/** Says what fixtures took, and what sharing what they seed was good for. */
function lede(run) {
    const effort = line_of_verification(run, 1);
    if (effort) {
        return effort;
    }
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
        [counts.running, "running"],
        [counts.timed_out, "timed out"],
        [counts.flaky, "flaky"],
    ];
    return parts
        .filter(([count]) => count > 0)
        .map(([count, word]) => `${grouped(count)} ${word}`)
        .join(", ");
}

/** Shows the figures that say more than the sentences above: each only where it matters. */
function show_figures(run) {
    const { counts, totals, workers } = run;
    const replacements = workers.reduce((sum, worker) => sum + worker.replacements, 0);
    const figures = [
        counts.cases > counts.passed
            ? figure_of("Tests", grouped(counts.cases), counts_remark(run))
            : null,
        workers.length > 1
            ? figure_of(
                  "Workers",
                  grouped(workers.length),
                  replacements > 0
                      ? count_of(replacements, "replacement")
                      : `busy for ${percent(share_of(busy_of(totals), totals.wall_ns))} of their time`,
              )
            : null,
        slowest_figure(run),
        fixtures_figure(run),
        saved_figure(run),
    ].filter(Boolean);
    by_id("figures").hidden = figures.length === 0;
    by_id("figures").replaceChildren(...figures);
}

function busy_of({ tests_ns, fixtures_ns }) {
    return tests_ns + fixtures_ns;
}

function share_of(part, whole) {
    return part / Math.max(1, whole);
}

/** A test that takes a good part of the run decides on how long that takes. */
function slowest_figure({ slowest_cases, run, counts }) {
    const [slowest] = slowest_cases;
    return counts.cases > 1 && slowest && share_of(slowest.ns, run.wall_ns) > 0.25
        ? figure_of("Slowest test", duration(slowest.ns), leaf_of(slowest.test))
        : null;
}

function fixtures_figure(run) {
    const share = share_of_fixtures(run);
    return share !== null && share >= 0.02
        ? figure_of(
              "In fixtures",
              percent(share),
              `${duration(run.totals.fixtures_ns)} of ${duration(busy_of(run.totals))}`,
          )
        : null;
}

function saved_figure({ sharing, run }) {
    return sharing.saved_ns > run.wall_ns / 10
        ? figure_of(
              "Saved by sharing",
              duration(sharing.saved_ns),
              `of ${duration(sharing.per_test_ns)} for seeding each test`,
          )
        : null;
}

/** Bad news is announced at the top and told below. */
function notices(run) {
    const { failed, timed_out, not_run } = run.counts;
    const deaths = run.deaths.filter((death) => !death.timed_out).length;
    const news = [
        [failed - timed_out, "test failed", "tests failed", "failures", "✕"],
        [timed_out, "test timed out", "tests timed out", "failures", "◷"],
        [not_run, "test did not run", "tests did not run", "failures", "○"],
        [
            run.troubles.length,
            "failure outside of tests",
            "failures outside of tests",
            "failures",
            "✕",
        ],
        [deaths, "worker died", "workers died", "deaths", "†"],
        [
            new Set(run.leaks.map((leak) => leak.test)).size,
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
    show_launches(run);
    show_figures(run);
    by_id("source").textContent =
        `Made by isolite ${run.isolite} of the records in ${run.run.directory}`;
}
