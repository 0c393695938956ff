// The time line: a lane for each worker, cases above the fixtures in them, on one canvas.

const NARROWEST_NAME = 110; // a few letters of a name say less than none

class timeline extends timeline_layout {
    constructor(run, canvas) {
        super(run, () => this.ask_for_frame());
        this.canvas = canvas;
        this.context = canvas.getContext("2d");
        this.frame = null;
        this.hovered = null;
        this.pinned = null;
        this.visits = 0; // of bars and groups by the last frame
        this.frames = 0;
        this.after_frame = () => {};
        new ResizeObserver(() => this.resize()).observe(canvas.parentElement);
        this.resize();
    }

    resize() {
        this.lay_out(this.canvas.getBoundingClientRect().width);
        this.ratio = devicePixelRatio || 1;
        this.canvas.width = Math.round(this.width * this.ratio);
        this.canvas.height = Math.round(this.height * this.ratio);
        this.canvas.style.height = `${this.height}px`;
        this.colours = new palette(this.canvas.parentElement, this.run.kinds);
        this.ask_for_frame();
    }

    ask_for_frame() {
        this.frame ??= requestAnimationFrame((now) => {
            this.frame = null;
            const is_moving = this.view.advance(now);
            const start = performance.now();
            this.draw();
            this.drawn_in_ms = performance.now() - start;
            this.after_frame();
            if (is_moving) {
                this.ask_for_frame();
            }
        });
    }

    draw() {
        const { context } = this;
        this.frames += 1;
        this.visits = 0;
        context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
        context.clearRect(0, 0, this.width, this.height);
        context.textBaseline = "middle";
        this.draw_axis();
        this.run.lanes.forEach((lane, i) => this.draw_lane_name(lane, i));
        context.save();
        context.beginPath();
        context.rect(this.gutter, 0, this.plot_width, this.height);
        context.clip();
        this.run.lanes.forEach((lane, i) => this.draw_lane(lane, i));
        this.outline(this.pinned, 2);
        this.outline(this.hovered, 1.25);
        context.restore();
    }

    /** Returns a step of 1, 2 or 5 times a power of ten that leaves room for a label. */
    tick_step() {
        const least = (this.view.length * 92) / this.plot_width;
        const power = 10 ** Math.floor(Math.log10(least));
        return power * [1, 2, 5, 10].find((times) => power * times >= least);
    }

    draw_axis() {
        const { context } = this;
        const step = this.tick_step();
        context.font = `11px ${this.colours.font}`;
        context.lineWidth = 1;
        for (
            let time = Math.ceil(this.view.from / step) * step;
            time <= this.view.to;
            time += step
        ) {
            const x = Math.round(this.x_of(time)) + 0.5;
            context.strokeStyle = this.colours.of.line;
            context.beginPath();
            context.moveTo(x, AXIS_HEIGHT - 7);
            context.lineTo(x, this.height);
            context.stroke();
            const label = time === 0 ? "0" : moment(time, step, this.view.to);
            const room = this.width - x - context.measureText(label).width / 2;
            context.textAlign = time === 0 ? "left" : room < 0 ? "right" : "center";
            context.fillStyle = this.colours.of.muted;
            context.fillText(label, Math.min(x, this.width), AXIS_HEIGHT / 2 - 3);
        }
        this.draw_position();
    }

    /** A hair above the lanes says which part of the run is in view. */
    draw_position() {
        const { context } = this;
        const scale = this.plot_width / this.view.end;
        context.fillStyle = this.colours.of.line;
        context.fillRect(this.gutter, AXIS_HEIGHT - 6, this.plot_width, 1);
        if (!this.view.is_whole) {
            context.fillStyle = this.colours.of.accent;
            context.fillRect(
                this.gutter + this.view.from * scale,
                AXIS_HEIGHT - 7,
                Math.max(3, this.view.length * scale),
                3,
            );
        }
    }

    draw_lane_name(lane, i) {
        const { context } = this;
        context.font = `12px ${this.colours.font}`;
        context.textAlign = "left";
        context.fillStyle = this.colours.of.muted;
        const middle = (this.tops[i] + this.tops[i + 1] - this.lane_gap) / 2;
        context.fillText(this.clipped(lane.worker, this.gutter - 8), 0, middle);
    }

    /** Cuts a text to a width, by the width that its letters have on the average. */
    clipped(text, width) {
        const start = text.slice(0, 200);
        const whole = this.context.measureText(start).width;
        if (whole <= width && start.length === text.length) {
            return text;
        }
        const letters = Math.floor((start.length * width) / whole) - 1;
        return letters < 2 ? start.slice(0, Math.max(0, letters)) : `${start.slice(0, letters)}…`;
    }

    draw_lane(lane, i) {
        const top = this.tops[i];
        const height = this.tops[i + 1] - top - this.lane_gap;
        lane.processes.forEach((process) => this.draw_track(process, top, height));
        const fixtures = this.top_of_fixtures(i);
        this.draw_cases(lane.case_series, top);
        lane.span_series.forEach((spans, depth) => this.draw_spans(spans, fixtures, depth));
        lane.processes
            .filter((process) => process.ended_early)
            .forEach((process) => this.draw_early_end(lane, process, top, height));
    }

    draw_track(process, top, height) {
        const left = Math.max(this.gutter, this.x_of(process.start_ns));
        const right = Math.min(this.width, this.x_of(process.end_ns));
        if (right <= left) {
            return;
        }
        this.context.fillStyle = this.colours.of.track;
        this.context.fillRect(left, top, Math.max(1, right - left), height);
    }

    walk(bars, bar, group) {
        const column = this.view.length / (this.plot_width * this.ratio);
        const shown = (i, j) => (bars.has_match(i, j) ? 1 : 0.18);
        this.visits += bars.walk(
            this.view.from,
            this.view.to,
            column,
            (i) => {
                this.context.globalAlpha = shown(i, i + 1);
                bar(i, this.x_of(bars.starts[i]), bars.records[i].length / column / this.ratio);
            },
            (i, j, place) => {
                const { most, busy } = bars.summary(i, j);
                this.context.globalAlpha = shown(i, j) * (0.5 + 0.5 * Math.min(1, busy / column));
                group(i, j, this.gutter + place / this.ratio, most);
            },
        );
        this.context.globalAlpha = 1;
    }

    draw_cases(bars, top) {
        const pixel = 1 / this.ratio;
        this.walk(
            bars,
            (i, x, width) => this.draw_case(bars.records[i], bars.classes[i], x, width, top),
            (i, j, x, most) => {
                const has_failure = FAILURES.some((failed) => bars.has_class(failed, i, j));
                this.context.fillStyle = this.colours.verdicts[has_failure ? FAILURES[0] : most];
                this.context.fillRect(
                    x,
                    top,
                    has_failure ? Math.max(2, pixel) : pixel,
                    this.case_height,
                );
                if (has_failure) {
                    this.draw_flag(x, top);
                }
            },
        );
    }

    draw_case(one, verdict, x, width, top) {
        const { context } = this;
        const left = Math.max(x, this.gutter - 2);
        const right = Math.min(x + width, this.width + 2);
        const drawn = Math.max(1 / this.ratio, right - left - (width > 3 ? 1 : 0));
        context.fillStyle = this.colours.verdicts[verdict];
        if (VERDICTS[verdict].verdict === "skipped" && drawn > 3) {
            context.strokeStyle = this.colours.verdicts[verdict];
            context.lineWidth = 1;
            context.strokeRect(left + 0.5, top + 0.5, drawn - 1, this.case_height - 1);
        } else {
            context.fillRect(left, top, drawn, this.case_height);
        }
        if (FAILURES.includes(verdict)) {
            this.draw_failure(left, drawn, top);
        }
        if (drawn > NARROWEST_NAME && this.case_height >= 11) {
            this.draw_case_name(one, verdict, left, drawn, top);
        }
    }

    draw_failure(x, width, top) {
        if (width > 5) {
            this.context.fillStyle = this.colours.hatch;
            this.context.fillRect(x, top, width, this.case_height);
        }
        this.draw_flag(x, top);
    }

    /** A failure is marked above its bar too, however narrow that is. */
    draw_flag(x, top) {
        const { context } = this;
        context.fillStyle = this.colours.of.failed;
        context.beginPath();
        context.moveTo(x - 3, top - 5);
        context.lineTo(x + 4, top - 5);
        context.lineTo(x + 0.5, top);
        context.fill();
    }

    draw_case_name(one, verdict, left, width, top) {
        const { context } = this;
        const look = VERDICTS[verdict];
        context.font = `11px ${this.colours.font}`;
        context.textAlign = "left";
        context.fillStyle =
            look.verdict === "skipped" ? this.colours.of.ink : this.colours.of["on-bar"];
        const name =
            look.verdict === "passed" ? leaf_of(one.test) : `${look.mark} ${leaf_of(one.test)}`;
        if (look.style === "failed") {
            // the pattern must not run through the letters
            const shown = this.clipped(name, width - 10);
            context.save();
            context.fillStyle = this.colours.of.failed;
            context.fillRect(
                left + 2,
                top + 1,
                context.measureText(shown).width + 7,
                this.case_height - 2,
            );
            context.restore();
        }
        context.fillText(
            this.clipped(name, width - 10),
            left + 5,
            top + this.case_height / 2 + 0.5,
        );
    }

    draw_spans(bars, top, depth) {
        const { context } = this;
        const inset = Math.min(depth * 2, this.fixture_height - 2);
        const height = this.fixture_height - inset;
        this.walk(
            bars,
            (i, x, width) => {
                context.fillStyle = this.colours.kinds[bars.classes[i]];
                const left = Math.max(x, this.gutter - 2);
                const drawn = Math.min(x + width, this.width + 2) - left - (width > 4 ? 0.5 : 0);
                context.fillRect(left, top + inset, drawn, height);
            },
            (i, j, x, most) => {
                context.fillStyle = this.colours.kinds[most];
                context.fillRect(x, top + inset, 1 / this.ratio, height);
            },
        );
    }

    draw_early_end(lane, process, top, height) {
        const { context } = this;
        const x = this.x_of(process.end_ns);
        const middle = top + Math.min(height, this.case_height) / 2;
        context.fillStyle = this.colours.of.failed;
        context.fillRect(x - 1, top - 3, 2, height + 6);
        context.fillStyle = this.colours.of.paper;
        context.beginPath();
        context.arc(x, middle, 7, 0, 2 * Math.PI);
        context.fill();
        context.strokeStyle = this.colours.of.failed;
        context.lineWidth = 1.75;
        context.stroke();
        context.beginPath();
        context.moveTo(x - 3, middle - 3);
        context.lineTo(x + 3, middle + 3);
        context.moveTo(x + 3, middle - 3);
        context.lineTo(x - 3, middle + 3);
        context.stroke();
        this.draw_reason(lane, process, x, middle);
    }

    /** The reason stands beside the mark where nothing else is; the pointer tells it everywhere. */
    draw_reason(lane, process, x, middle) {
        const { context } = this;
        const text = words_of_early_end(process);
        const next = lane.processes.find((other) => other.start_ns >= process.end_ns);
        const room = (next ? this.x_of(next.start_ns) : this.width) - x - 16;
        context.font = `11px ${this.colours.font}`;
        if (room >= Math.min(90, context.measureText(text).width)) {
            context.textAlign = "left";
            context.fillStyle = this.colours.of.failed;
            context.fillText(this.clipped(text, room), x + 12, middle);
        }
    }

    outline(hit, width) {
        if (!hit?.bar) {
            return;
        }
        const { context } = this;
        const left = Math.max(this.gutter - 4, this.x_of(hit.bar.start));
        const right = Math.min(this.width + 4, this.x_of(hit.bar.start + hit.bar.length));
        const top = hit.is_fixture ? this.top_of_fixtures(hit.lane) : this.tops[hit.lane];
        const height = hit.is_fixture ? this.fixture_height : this.case_height;
        context.strokeStyle = this.colours.of.ink;
        context.lineWidth = width;
        context.strokeRect(left - 1, top - 1, Math.max(3, right - left + 1), height + 2);
    }

    /** Dims what is none of the cases at these places; null for all. */
    search(found) {
        const is_found = found && ((place) => found.has(place));
        for (const lane of this.run.lanes) {
            lane.case_series.mark(is_found && ((one) => is_found(one.index)));
            lane.span_series.forEach((bars) => bars.mark(is_found && ((span) => is_found(span.case))));
        }
        this.ask_for_frame();
    }
}
