// Puts the page together.

const READ_OUT_AFTER_MS = 500;
const THEME_KEY = "isolite-report-theme";

/** The place where a browser keeps settings may be closed to a file; then nothing is remembered. */
const remembered = {
    get() {
        try {
            return localStorage.getItem(THEME_KEY);
        } catch {
            return null;
        }
    },
    set(theme) {
        try {
            localStorage.setItem(THEME_KEY, theme);
        } catch {
            // the page is as good without
        }
    },
};

function set_theme(theme) {
    document.documentElement.dataset.theme = theme;
    for (const button of by_id("theme").children) {
        button.setAttribute("aria-pressed", button.value === theme);
    }
}

function connect_theme(changed, drawn_now) {
    const themes = ["auto", "light", "dark"];
    const kept = remembered.get();
    set_theme(themes.includes(kept) ? kept : "auto");
    for (const button of by_id("theme").children) {
        button.addEventListener("click", () => {
            set_theme(button.value);
            remembered.set(button.value);
            changed();
        });
    }
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
    let before = "auto";
    addEventListener("beforeprint", () => {
        before = document.documentElement.dataset.theme;
        document.documentElement.dataset.theme = "light";
        changed();
        drawn_now();
    });
    addEventListener("afterprint", () => {
        document.documentElement.dataset.theme = before;
        changed();
    });
}

/** Says in words what the time line shows. */
function summary_of_lanes(run) {
    const { counts } = run;
    const deaths = run.deaths.filter((death) => !death.timed_out);
    const parts = [
        `${count_of(counts.cases, "test")}, ${counts_remark(run) || "none ran"}`,
        count_of(run.span_list.length, "fixture"),
        ...(deaths.length > 0 ? [count_of(deaths.length, "worker died", "workers died")] : []),
    ];
    const lanes = count_of(run.workers.length, "worker");
    return (
        `Time line of ${lanes} over ${duration(run.run.wall_ns)}: ${parts.join("; ")}. ` +
        "Left and right move, plus and minus zoom, 0 shows all; full stop and comma go from " +
        "test to test, up and down from worker to worker, Enter shows the test."
    );
}

function show_legend(run) {
    const drawn = [...run.case_list, ...run.earlier_tries].filter((one) => one.start !== null);
    const seen = new Set(drawn.map((one) => one.verdict));
    const verdicts = VERDICTS.filter(({ verdict }) => seen.has(verdict));
    const used = new Set(run.span_list.map((span) => span.kind));
    const kinds = run.kinds.filter((_, i) => used.has(i));
    by_id("legend").hidden = verdicts.length + kinds.length < 2;
    by_id("legend").replaceChildren(
        ...verdicts.map(({ verdict }) => make("li", {}, verdict_mark(verdict))),
        run.run.ended_early
            ? make(
                  "li",
                  {},
                  make("span", { class: "early", "aria-hidden": "true" }, "⊗"),
                  "ended early",
              )
            : "",
        ...kinds.map((kind, i) => make("li", { class: i === 0 ? "apart" : null }, kind_name(kind))),
    );
}

/** Shows what is in view; it is read out only when it rests. */
function describe_view(line) {
    const { from, to, end, is_whole } = line.view;
    const step = (to - from) / 100;
    const said = is_whole
        ? `all ${duration(end)}`
        : `${moment(from, step, to)} – ${moment(to, step, to)}`;
    by_id("range").textContent = said;
    clearTimeout(describe_view.timer);
    describe_view.timer = setTimeout(() => {
        by_id("range-said").textContent = said;
    }, READ_OUT_AFTER_MS);
}

function connect_buttons({ view }) {
    by_id("zoom-in").addEventListener("click", () => view.zoom_smoothly(0.5));
    by_id("zoom-out").addEventListener("click", () => view.zoom_smoothly(2));
    by_id("zoom-fit").addEventListener("click", () => view.fit());
}

/** Shows the time line; returns it with a function that pins a case. */
function show_timeline(run) {
    const canvas = by_id("line");
    const line = new timeline(run, canvas);
    canvas.setAttribute("aria-label", summary_of_lanes(run));
    line.after_frame = () => describe_view(line);
    let opener = null;
    const pin = (one) => {
        line.pinned = one && line.hit_of(one);
        opener = one ? document.activeElement : null;
        show_details(one, () => close());
        line.ask_for_frame();
    };
    const close = () => {
        const back_to = opener;
        pin(null);
        back_to?.focus({ preventScroll: true });
    };
    const hover = (hit, event) => {
        line.hovered = hit;
        canvas.style.cursor = hit ? "pointer" : "";
        tip.show(hit, event, run);
        line.ask_for_frame();
    };
    const choose = (hit) =>
        pin(hit?.is_fixture ? (run.case_list[hit.bar.case] ?? null) : (hit?.bar ?? null));
    const mark = (hit) => {
        line.hovered = hit;
        const { test, verdict, worker, ns } = hit.bar;
        by_id("case-said").textContent = `${test}, ${verdict}, by ${worker}, ${duration(ns)}`;
        line.ask_for_frame();
    };
    new timeline_input(line, { hover, choose, mark });
    connect_buttons(line);
    show_legend(run);
    return { line, pin };
}

/** For tests: what is in view, where things are, how bars are merged, what a frame drew. */
function open_to_tests(run, line) {
    window.isolite = {
        view: () => ({ from: line.view.from, to: line.view.to, end: line.view.end }),
        place_of: (index) => line.place_of(run.case_list[index]),
        place_of_try: (index) => line.place_of(run.earlier_tries[index]),
        place_of_end: (index) => line.place_of_end(run.processes[index]),
        series,
        drawn: () => ({
            visits: line.visits,
            ms: line.drawn_in_ms,
            frames: line.frames,
            lanes: run.lanes.length,
            width: line.canvas.width,
        }),
    };
}

function show_sections(run, reveal) {
    const sections = [
        show_verifications,
        show_failures,
        show_workers,
        show_fixtures,
        show_durations,
        show_slowest,
        show_leaks,
        show_deaths,
        show_comparison,
        show_trend,
    ];
    sections.forEach((show) => show(run, reveal));
}

function show_page() {
    const run = read_run(by_id("data").textContent);
    show_headline(run);
    const { line, pin } = show_timeline(run);
    const reveal = (one) => {
        pin(one);
        if (line.hit_of(one)) {
            line.view.show(one.start, one.length);
        }
        by_id("time-line").scrollIntoView({ block: "start" });
        by_id("details").focus({ preventScroll: true });
    };
    by_id("time-line").classList.toggle("empty", run.lanes.length === 0);
    const table = cases_table(run, reveal);
    if (run.case_list.length > 0) {
        fill("cases", table.element);
    }
    connect_search(run, line, table);
    connect_theme(
        () => line.resize(),
        () => line.draw(),
    );
    show_sections(run, reveal);
    open_to_tests(run, line);
}

show_page();
