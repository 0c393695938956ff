// Where things are on the time line: lanes from top to bottom, time from left to right.

const AXIS_HEIGHT = 26;
const TALLEST_TIMELINE = 640;

class timeline_layout {
    constructor(run, changed) {
        this.run = run;
        const ends = largest([run.run, ...run.processes], (part) => part.end_ns ?? part.wall_ns);
        this.view = new viewport(ends, changed);
    }

    /** Lays the lanes out for a width, and decides on the height. */
    lay_out(width) {
        this.width = Math.max(1, width);
        this.gutter = this.width < 600 ? 44 : 64;
        this.set_lane_heights();
        this.tops = [AXIS_HEIGHT];
        this.run.lanes.forEach((lane, i) => this.tops.push(this.tops[i] + this.height_of(lane)));
        this.height = this.tops.at(-1);
    }

    /** Many workers share the height, down to lanes in which a case can still be hit. */
    set_lane_heights() {
        const room = TALLEST_TIMELINE / Math.max(1, this.run.lanes.length);
        this.lane_height = Math.round(Math.max(16, Math.min(40, room)));
        this.lane_gap = Math.max(3, Math.round(this.lane_height * 0.22));
        const bars = this.lane_height - this.lane_gap;
        this.fixture_height = Math.max(4, Math.round(bars * 0.3));
        this.case_height = bars - this.fixture_height - 1;
    }

    /** Who runs no cases, as the parent does not, needs room for fixtures only. */
    height_of(lane) {
        return lane.cases.length > 0
            ? this.lane_height
            : Math.max(16, this.fixture_height + this.lane_gap);
    }

    top_of_fixtures(lane) {
        return this.tops[lane] + (this.run.lanes[lane].cases.length > 0 ? this.case_height + 1 : 0);
    }

    get plot_width() {
        return Math.max(1, this.width - this.gutter);
    }

    x_of(time) {
        return this.gutter + ((time - this.view.from) / this.view.length) * this.plot_width;
    }

    time_at(x) {
        return this.view.from + ((x - this.gutter) / this.plot_width) * this.view.length;
    }

    /** Returns what is at a place: {lane, bar, is_fixture} or {lane, process}, or null. */
    hit(x, y) {
        const lane = this.tops.findLastIndex((top) => top <= y);
        const row = this.run.lanes[lane];
        if (!row || x < this.gutter) {
            return null;
        }
        const time = this.time_at(x);
        const reach = (3 * this.view.length) / this.plot_width;
        const process = row.processes.find(
            (p) => (p.ended_early || p.running) && Math.abs(this.x_of(p.end_ns) - x) < 8,
        );
        if (process) {
            return { lane, process };
        }
        const is_fixture = y >= this.top_of_fixtures(lane);
        const rows = is_fixture ? row.span_series.toReversed() : [row.case_series];
        const bar =
            rows.map((bars) => bars.nearest(time, 0)).find(Boolean) ??
            rows.map((bars) => bars.nearest(time, reach)).find(Boolean);
        return bar ? { lane, bar, is_fixture } : null;
    }

    /** Returns where a case is: its lane and bar, or null if it is on no lane. */
    hit_of(one) {
        return one.lane === undefined ? null : { lane: one.lane, bar: one, is_fixture: false };
    }

    /** Returns the rectangle of a case in pixels of the canvas, or null. */
    place_of(one) {
        const hit = this.hit_of(one);
        return (
            hit && {
                x: this.x_of(one.start),
                y: this.tops[hit.lane],
                height: this.case_height,
                width: (one.length / this.view.length) * this.plot_width,
            }
        );
    }

    place_of_end(process) {
        const lane = this.run.lanes.findIndex(({ processes }) => processes.includes(process));
        return { x: this.x_of(process.end_ns), y: this.tops[lane] + this.case_height / 2 };
    }
}
