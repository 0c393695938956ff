// The small charts: how session costs are distributed, and how earlier runs went.

const MOST_BINS = 48;
const FEWEST_BINS = 8;
const FEWEST_FOR_A_HISTOGRAM = 20;
const CHART_HEIGHT = 180;
const MARGIN = { top: 30, bottom: 24, side: 6 };

/** Keeps a chart as wide as its figure. */
function follow_width(figure, draw) {
    let width = 0;
    const redraw = () => {
        if (figure.clientWidth !== width) {
            width = figure.clientWidth;
            figure.querySelector("svg")?.remove();
            figure.prepend(draw(Math.max(240, width)));
        }
    };
    new ResizeObserver(redraw).observe(figure);
}

function text_at(x, y, text, style = "label", anchor = "middle") {
    return make_svg("text", { x, y, class: style, "text-anchor": anchor }, text);
}

/** Counts durations in bins of equal width on a log axis; more durations get finer bins. */
function log_bins(sorted) {
    const low = Math.log10(Math.max(1, sorted[0]));
    const high = Math.log10(Math.max(1, sorted.at(-1)));
    const bins = Math.max(
        FEWEST_BINS,
        Math.min(MOST_BINS, Math.round(3 * Math.cbrt(sorted.length))),
    );
    const bin_width = Math.max(high - low, 0.3) / bins;
    const first = low - bin_width;
    const bin_of = (ns) => Math.floor((Math.log10(Math.max(1, ns)) - first) / bin_width);
    const counts = new Array(bin_of(sorted.at(-1)) + 2).fill(0);
    sorted.forEach((ns) => {
        counts[bin_of(ns)] += 1;
    });
    return { first, bin_width, counts };
}

/** Shows how a sorted list of durations is distributed, with its median and 95th percentile. */
function draw_histogram(sorted, title, width, style) {
    const { first, bin_width, counts } = log_bins(sorted);
    const bottom = CHART_HEIGHT - MARGIN.bottom;
    const step = (width - 2 * MARGIN.side) / counts.length;
    const x_of_log = (log) => MARGIN.side + ((log - first) / bin_width) * step;
    const x_of_ns = (ns) => x_of_log(Math.log10(Math.max(1, ns)));
    const mark = (share, words, y) => {
        const ns = quantile(sorted, share);
        return quantile_mark(x_of_ns(ns), `${words} ${duration(ns)}`, y, bottom, width);
    };
    return make_svg(
        "svg",
        { role: "img", "aria-label": title, width, height: CHART_HEIGHT, class: `histogram ${style}` },
        base_line(bottom, width),
        ...histogram_bars({ first, bin_width, counts }, step, bottom),
        ...log_ticks(first, first + counts.length * bin_width, x_of_ns, bottom, width),
        ...mark(0.5, "median", 12),
        ...mark(0.95, "95 % below", 26),
    );
}

function base_line(bottom, width) {
    const y = bottom + 0.5;
    return make_svg("line", { class: "base", x1: 0, x2: width, y1: y, y2: y });
}

function histogram_bars({ first, bin_width, counts }, step, bottom) {
    const most = Math.max(...counts);
    return counts.map((count, i) => {
        const height = (count / most) * (bottom - MARGIN.top - 14);
        const ns = 10 ** (first + (i + 0.5) * bin_width);
        return make_svg(
            "rect",
            {
                class: "bar",
                x: MARGIN.side + i * step + 0.5,
                width: Math.max(1, step - 1),
                y: bottom - height,
                height: count === 0 ? 0 : Math.max(1, height),
            },
            make_svg("title", {}, `${count_of(count, "test")} around ${duration(ns)}`),
        );
    });
}

/** Labels 1, 2 and 5 of each power of ten, as far as they have room. */
function log_ticks(first, last, x_of_ns, bottom, width) {
    const labels = [];
    let free = 20;
    for (let power = Math.floor(first); power <= last; power += 1) {
        for (const ns of [1, 2, 5].map((times) => times * 10 ** power)) {
            const x = x_of_ns(ns);
            if (x >= free && x < width - 20) {
                labels.push(
                    make_svg("line", { class: "tick", x1: x, x2: x, y1: bottom, y2: bottom + 5 }),
                    text_at(x, bottom + 18, duration(ns).replace(/\.0+/, "")),
                );
                free = x + 56;
            }
        }
    }
    return labels;
}

function quantile_mark(x, text, y, bottom, width) {
    const is_right = x > width * 0.6;
    return [
        make_svg("line", { class: "quantile", x1: x, x2: x, y1: y - 9, y2: bottom }),
        text_at(x + (is_right ? -6 : 6), y, text, "label strong", is_right ? "end" : "start"),
    ];
}

/** Shows durations of tests as a histogram; of a few one reads the table. */
function duration_figure(style, durations, name, caption) {
    const sorted = durations.filter((ns) => ns > 0).sort((a, b) => a - b);
    if (sorted.length < FEWEST_FOR_A_HISTOGRAM) {
        return null;
    }
    const title =
        `${name} ${count_of(sorted.length, "test")}: ` +
        `median ${duration(quantile(sorted, 0.5))}, ` +
        `95th percentile ${duration(quantile(sorted, 0.95))}, largest ${duration(sorted.at(-1))}`;
    const words =
        `${caption} ${count_of(sorted.length, "test")}. Largest: ${duration(sorted.at(-1))}.`;
    const figure = make("figure", {}, make("figcaption", {}, words));
    follow_width(figure, (width) => draw_histogram(sorted, title, width, style));
    return figure;
}

function case_figure(run) {
    return duration_figure(
        "of-cases",
        run.case_list.map((one) => one.ns),
        "Durations of",
        "How long tests took, with their fixtures, for each of",
    );
}

/** What sessions cost is shown where it is a part of the time that somebody would notice. */
function session_figure(run) {
    const costs = run.case_list.map((one) => one.session_ns ?? 0);
    const all = costs.reduce((sum, ns) => sum + ns, 0);
    const busy = run.totals.tests_ns + run.totals.fixtures_ns;
    return all < busy / 100
        ? null
        : duration_figure(
              "of-sessions",
              costs,
              "Cost of sessions in",
              "What opening and closing sessions cost, for each of",
          );
}

/** Shows one figure of each run as columns, this run last; failed runs have a cross. */
function draw_trend(runs, value_of, title, width) {
    const bottom = CHART_HEIGHT - MARGIN.bottom;
    const most = Math.max(1, ...runs.map(value_of));
    const step = Math.min(56, (width - 2 * MARGIN.side) / runs.length);
    const columns = runs.flatMap((run, i) => {
        const x = MARGIN.side + i * step;
        const height = Math.max(1, (value_of(run) / most) * (bottom - MARGIN.top));
        const is_this = i === runs.length - 1;
        const said = duration(value_of(run));
        const room = step > 40 || runs.length < 4 ? "middle" : "end";
        return [
            trend_column(is_this, x, step, bottom, height, `${short_calendar(run.began)}: ${said}`),
            is_this && text_at(x + step / 2, bottom - height - 7, said, "label strong", room),
            run.failed > 0 && text_at(x + step / 2, bottom + 16, "✕", "label failed"),
        ];
    });
    return make_svg(
        "svg",
        { role: "img", "aria-label": title, width, height: CHART_HEIGHT, class: "trend" },
        base_line(bottom, width),
        ...columns.filter(Boolean),
    );
}

function trend_column(is_this, x, step, bottom, height, said) {
    return make_svg(
        "rect",
        {
            class: is_this ? "bar this" : "bar",
            x: x + step * 0.12,
            width: step * 0.76,
            y: bottom - height,
            height,
        },
        make_svg("title", {}, said),
    );
}

function trend_figure(runs, name, value_of) {
    const first = duration(value_of(runs[0]));
    const last = duration(value_of(runs.at(-1)));
    const count = count_of(runs.length, "run");
    const title = `${name} of ${count}: ${first} in the first, ${last} in this`;
    const figure = make(
        "figure",
        {},
        make("figcaption", {}, `${name} over ${count}, this one last.`),
    );
    follow_width(figure, (width) => draw_trend(runs, value_of, title, width));
    return figure;
}
