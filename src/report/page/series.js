// Bars side by side in order of time, with sums that make many bars as cheap to draw as few.

/** Returns the first index in [low, high) for which `holds` is true; it stays true after that. */
function first_index(low, high, holds) {
    while (low < high) {
        const middle = (low + high) >> 1;
        if (holds(middle)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/**
 * Bars of one row: records with `start` and `length`, each of a class.
 *
 * `sums[c][i]` is the time that the bars before i took in class c, so that what happened in a pixel
 * is known without looking at each of its bars.
 */
class series {
    constructor(records, class_of, classes) {
        this.records = records.toSorted((a, b) => a.start - b.start);
        const size = this.records.length;
        this.starts = Float64Array.from(this.records, (record) => record.start);
        this.ends = new Float64Array(size);
        this.classes = Uint8Array.from(this.records, class_of);
        this.sums = Array.from({ length: classes }, () => new Float64Array(size + 1));
        this.counts = Array.from({ length: classes }, () => new Uint32Array(size + 1));
        this.add_up();
        this.matches = null;
    }

    add_up() {
        let latest = -Infinity; // bars that overlap all the same must not mislead the search
        this.records.forEach((record, i) => {
            latest = Math.max(latest, record.start + record.length);
            this.ends[i] = latest;
            this.sums.forEach((sum, c) => {
                sum[i + 1] = sum[i] + (c === this.classes[i] ? record.length : 0);
                this.counts[c][i + 1] = this.counts[c][i] + (c === this.classes[i] ? 1 : 0);
            });
        });
    }

    /** Marks the records for which `is_match` holds; null forgets all marks. */
    mark(is_match) {
        if (!is_match) {
            this.matches = null;
            return;
        }
        this.matches = new Uint32Array(this.records.length + 1);
        this.records.forEach((record, i) => {
            this.matches[i + 1] = this.matches[i] + (is_match(record) ? 1 : 0);
        });
    }

    has_match(i, j) {
        return this.matches === null || this.matches[j] > this.matches[i];
    }

    first_that_ends_after(time) {
        return first_index(0, this.records.length, (i) => this.ends[i] > time);
    }

    first_that_starts_at(time, low = 0) {
        return first_index(low, this.records.length, (i) => this.starts[i] >= time);
    }

    has_class(c, i, j) {
        return this.counts[c] !== undefined && this.counts[c][j] > this.counts[c][i];
    }

    /** Returns the class that took most of the time of the bars [i, j), and the time of all. */
    summary(i, j) {
        let most = this.classes[i];
        let longest = -1;
        let busy = 0;
        this.sums.forEach((sum, c) => {
            const time = sum[j] - sum[i];
            busy += time;
            if (time > longest && this.has_class(c, i, j)) {
                longest = time;
                most = c;
            }
        });
        return { most, busy };
    }

    /**
     * Visits what is to be drawn between two moments, where a pixel column is `column` nanoseconds:
     * `bar(i)` for each bar that is wider than a column, `group(i, j, column)` for those that
     * begin in the same column. So there are at most two visits for each column. Returns how many.
     */
    walk(from, to, column, bar, group) {
        let visits = 0;
        let i = this.first_that_ends_after(from);
        while (i < this.records.length && this.starts[i] < to) {
            visits += 1;
            if (this.records[i].length >= column) {
                bar(i);
                i += 1;
                continue;
            }
            const place = Math.floor((this.starts[i] - from) / column);
            const next = Math.max(
                i + 1,
                this.first_that_starts_at(from + (place + 1) * column, i + 1),
            );
            const is_last_wide = next > i + 1 && this.records[next - 1].length >= column;
            const end = is_last_wide ? next - 1 : next;
            group(i, end, place);
            i = end;
        }
        return visits;
    }

    /** Returns the record at a moment, or the nearest that is at most `reach` away, or null. */
    nearest(time, reach) {
        const i = this.first_that_ends_after(time);
        // negative inside of the bar
        const to_next = i < this.records.length ? this.starts[i] - time : Infinity;
        const to_last = i > 0 ? time - this.ends[i - 1] : Infinity;
        if (Math.min(to_next, to_last) > reach) {
            return null;
        }
        return this.records[to_next <= to_last ? i : i - 1];
    }
}
