// What the pointer, the wheel and the keyboard do to the time line.

const SAME_SCROLL_MS = 300;
const CLICK_SLOP = 4;

class timeline_input {
    constructor(line, { hover, choose, mark }) {
        this.line = line;
        this.view = line.view;
        this.hover = hover;
        this.choose = choose;
        this.mark = mark;
        this.pointers = new Map();
        this.travelled = 0;
        this.last_scroll = -Infinity;
        const { canvas } = line;
        canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
        canvas.addEventListener("pointerdown", (event) => this.press(event));
        canvas.addEventListener("pointermove", (event) => this.move(event));
        canvas.addEventListener("pointerup", (event) => this.release(event));
        canvas.addEventListener("pointercancel", (event) => this.pointers.delete(event.pointerId));
        canvas.addEventListener("pointerleave", () => this.hover(null));
        canvas.addEventListener("dblclick", () => this.view.fit());
        canvas.addEventListener("keydown", (event) => this.key(event));
        addEventListener("wheel", (event) => this.note_scroll(event), { passive: true });
    }

    x_of(event) {
        return event.clientX - this.line.canvas.getBoundingClientRect().left;
    }

    y_of(event) {
        return event.clientY - this.line.canvas.getBoundingClientRect().top;
    }

    note_scroll(event) {
        if (!event.defaultPrevented) {
            this.last_scroll = event.timeStamp;
        }
    }

    /** Whoever scrolls the page past the time line does not mean to zoom. */
    is_for_the_page(event) {
        const is_scrolling = event.timeStamp - this.last_scroll < SAME_SCROLL_MS;
        const is_zooming_out = event.deltaY > 0;
        return (
            !event.ctrlKey &&
            (is_scrolling || (this.view.is_whole && is_zooming_out && event.deltaX === 0))
        );
    }

    wheel(event) {
        if (this.is_for_the_page(event)) {
            return;
        }
        event.preventDefault();
        const lines = event.deltaMode === 1 ? 16 : 1;
        if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
            this.view.pan((event.deltaX * lines * this.view.length) / this.line.plot_width);
        } else {
            // a pinch on a pad comes as a wheel with Ctrl
            const speed = event.ctrlKey ? 0.01 : 0.002;
            this.view.zoom(
                Math.exp(event.deltaY * lines * speed),
                this.line.time_at(this.x_of(event)),
            );
        }
    }

    press(event) {
        this.line.canvas.setPointerCapture(event.pointerId);
        this.pointers.set(event.pointerId, this.x_of(event));
        this.travelled = 0;
    }

    move(event) {
        if (!this.pointers.has(event.pointerId)) {
            this.hover(this.line.hit(this.x_of(event), this.y_of(event)), event);
            return;
        }
        const x = this.x_of(event);
        const moved = x - this.pointers.get(event.pointerId);
        const before = [...this.pointers.values()];
        this.pointers.set(event.pointerId, x);
        this.travelled += Math.abs(moved);
        if (before.length === 2) {
            this.pinch(before, [...this.pointers.values()]);
        } else if (this.travelled > CLICK_SLOP) {
            this.view.pan((-moved * this.view.length) / this.line.plot_width);
            this.hover(null);
        }
    }

    pinch(before, after) {
        const distance = ([a, b]) => Math.max(8, Math.abs(a - b));
        const middle = (after[0] + after[1]) / 2;
        this.view.zoom(distance(before) / distance(after), this.line.time_at(middle));
    }

    release(event) {
        this.pointers.delete(event.pointerId);
        if (this.travelled <= CLICK_SLOP) {
            this.choose(this.line.hit(this.x_of(event), this.y_of(event)));
        }
    }

    key(event) {
        const actions = {
            ArrowLeft: () => this.view.pan_smoothly(-0.2),
            ArrowRight: () => this.view.pan_smoothly(0.2),
            "+": () => this.view.zoom_smoothly(0.5),
            "=": () => this.view.zoom_smoothly(0.5),
            "-": () => this.view.zoom_smoothly(2),
            0: () => this.view.fit(),
            Escape: () => this.choose(null),
            ".": () => this.step(1),
            ",": () => this.step(-1),
            ArrowDown: () => this.change_lane(1),
            ArrowUp: () => this.change_lane(-1),
            Enter: () => this.open(),
        };
        if (actions[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
            event.preventDefault();
            actions[event.key]();
        }
    }

    /** Shows what is marked, and goes there. */
    open() {
        this.choose(this.line.hovered);
        by_id("details").focus({ preventScroll: true });
    }

    /** Goes to the next or the last case of a lane, from the one that is marked. */
    step(by) {
        const { lanes } = this.line.run;
        const first = lanes.findIndex(({ cases }) => cases.length > 0);
        const { lane = first, bar } = this.line.hovered ?? {};
        const cases = lanes[lane]?.case_series.records ?? [];
        const place = cases.indexOf(bar);
        const next = place < 0 ? this.nearest_place(cases) : place + by;
        this.go_to(lane, cases[next]);
    }

    /** Goes to the case of another lane that ran at the same time. */
    change_lane(by) {
        const { lanes } = this.line.run;
        const { lane, bar } = this.line.hovered ?? {};
        for (let i = (lane ?? (by > 0 ? -1 : lanes.length)) + by; lanes[i]; i += by) {
            const cases = lanes[i].case_series.records;
            if (cases.length > 0) {
                this.go_to(i, cases[this.nearest_place(cases, bar?.start)]);
                return;
            }
        }
    }

    nearest_place(cases, time = (this.view.from + this.view.to) / 2) {
        return Math.max(0, first_index(0, cases.length, (i) => cases[i].start > time) - 1);
    }

    go_to(lane, one) {
        if (!one) {
            return;
        }
        const { from, to } = this.view.destination();
        if (one.start < from || one.start + one.length > to) {
            const middle = one.start + one.length / 2;
            this.view.go(middle - (to - from) / 2, middle + (to - from) / 2);
        }
        this.mark({ lane, bar: one, is_fixture: false });
    }
}
