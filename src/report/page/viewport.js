// Which part of the run the time line shows, and how it gets from one part to another.

const SHORTEST_VIEW = 1000; // nanoseconds
const GLIDE_MS = 180;

class viewport {
    constructor(end, changed) {
        this.end = Math.max(end, SHORTEST_VIEW);
        this.changed = changed;
        this.from = 0;
        this.to = this.end;
        this.glide = null;
    }

    get length() {
        return this.to - this.from;
    }

    get is_whole() {
        return this.length >= this.end * 0.999999;
    }

    /** Returns the nearest range that the run has room for. */
    fitted(from, to) {
        const length = Math.min(this.end, Math.max(SHORTEST_VIEW, to - from));
        const middle = (from + to) / 2;
        const start = Math.max(0, Math.min(this.end - length, middle - length / 2));
        return { from: start, to: start + length };
    }

    set(from, to) {
        this.glide = null;
        Object.assign(this, this.fitted(from, to));
        this.changed();
    }

    /** Glides to a range, or jumps if people asked for less motion. */
    go(from, to) {
        if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
            this.set(from, to);
            return;
        }
        const target = this.fitted(from, to);
        this.glide = { start: performance.now(), from: this.from, to: this.to, target };
        this.changed();
    }

    /** Moves a gliding view to where it is at a moment; says whether it still moves. */
    advance(now) {
        if (!this.glide) {
            return false;
        }
        const { start, from, to, target } = this.glide;
        const done = Math.min(1, Math.max(0, (now - start) / GLIDE_MS));
        const eased = 1 - (1 - done) ** 3;
        this.from = from + (target.from - from) * eased;
        this.to = to + (target.to - to) * eased;
        if (done === 1) {
            this.glide = null;
        }
        return done < 1;
    }

    destination() {
        return this.glide?.target ?? this;
    }

    /** Returns the range after zooming by a factor around a moment, which stays where it is. */
    zoomed(factor, around, { from, to } = this) {
        const length = Math.min(this.end, Math.max(SHORTEST_VIEW, (to - from) * factor));
        const share = (around - from) / (to - from);
        return [around - share * length, around + (1 - share) * length];
    }

    zoom(factor, around) {
        this.set(...this.zoomed(factor, around));
    }

    zoom_smoothly(factor, around = null) {
        const { from, to } = this.destination();
        this.go(...this.zoomed(factor, around ?? (from + to) / 2, { from, to }));
    }

    pan(ns) {
        this.set(this.from + ns, this.to + ns);
    }

    pan_smoothly(share) {
        const { from, to } = this.destination();
        const ns = share * (to - from);
        this.go(from + ns, to + ns);
    }

    fit() {
        this.go(0, this.end);
    }

    /** Shows a bar with something of what is around it. */
    show(start, ns) {
        const room = Math.max(ns * 2, SHORTEST_VIEW);
        this.go(start - room, start + ns + room);
    }
}
