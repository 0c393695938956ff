// Records, a page at a time: as a table whose columns sort it, or as a list.

/** Shows records a page at a time; `put(records)` of a derived class shows those of one. */
class paged {
    constructor(page_size) {
        this.page_size = page_size;
        this.page = 0;
        this.pager = page_size === Infinity ? null : this.make_pager();
    }

    make_pager() {
        this.place = make("output", { class: "place" });
        this.back = make("button", { type: "button", click: () => this.turn(-1) }, "Previous");
        this.forth = make("button", { type: "button", click: () => this.turn(1) }, "Next");
        return make("div", { class: "pager" }, this.place, this.back, this.forth);
    }

    turn(pages) {
        this.page += pages;
        this.fill();
    }

    fill() {
        const size = Math.min(this.page_size, Math.max(1, this.records.length));
        const start = this.page * size;
        const shown = this.records.slice(start, start + size);
        this.put(shown);
        if (this.pager) {
            const end = start + shown.length;
            this.place.textContent =
                this.records.length === 0
                    ? "No test matches"
                    : `${grouped(start + 1)}–${grouped(end)} of ${grouped(this.records.length)}`;
            this.pager.classList.toggle("only", this.records.length <= size);
            this.back.disabled = start === 0;
            this.forth.disabled = end >= this.records.length;
        }
    }
}

/** Shows records as elements below each other; `element(record)` makes one. */
class record_list extends paged {
    constructor({ records, element, page_size = Infinity }) {
        super(page_size);
        this.make_element = element;
        this.records = records;
        this.box = make("div", { class: "list" });
        this.element = make("div", {}, this.box, this.pager);
        this.fill();
    }

    put(shown) {
        this.box.replaceChildren(...shown.map((record) => this.make_element(record)));
    }

    turn(pages) {
        super.turn(pages);
        this.box.scrollIntoView({ block: "start" });
    }
}

/**
 * Shows records as a table whose columns sort it, a page at a time.
 *
 * A column has a `name`, `cell(record)` (text or a node) and, unless it is not to be sorted,
 * `value(record)`; `is_number` aligns it to the right and sorts the largest first.
 */
class record_table extends paged {
    constructor({ caption, columns, records, page_size = Infinity, row_key = null }) {
        super(page_size);
        this.columns = columns;
        this.row_key = row_key;
        this.sorted_by = null;
        this.is_descending = false;
        this.body = make("tbody");
        this.heads = columns.map((column) => this.make_head(column));
        const table = make(
            "table",
            {},
            make("caption", {}, caption),
            make("thead", {}, make("tr", {}, ...this.heads)),
            this.body,
        );
        this.box = make("div", { class: "scroll" }, table);
        watch_overflow(this.box, caption);
        this.element = make("div", { class: "records" }, this.box, this.pager);
        this.show(records);
    }

    make_head(column) {
        const style = column.is_number ? "number" : null;
        if (!column.value) {
            return make("th", { scope: "col", class: style }, column.name);
        }
        return make(
            "th",
            { scope: "col", class: style, "aria-sort": "none" },
            make(
                "button",
                { type: "button", click: () => this.sort_by(column) },
                column.name,
                make("span", { class: "arrow", "aria-hidden": "true" }),
            ),
        );
    }

    show(records) {
        this.records = [...records];
        this.page = 0;
        this.put_in_order();
        this.fill();
    }

    sort_by(column) {
        const is_same = this.sorted_by === column;
        this.is_descending = is_same ? !this.is_descending : Boolean(column.is_number);
        this.sorted_by = column;
        this.page = 0;
        this.heads.forEach((head, i) => {
            const order = this.is_descending ? "descending" : "ascending";
            if (this.columns[i].value) {
                head.setAttribute("aria-sort", this.columns[i] === column ? order : "none");
            }
        });
        this.put_in_order();
        this.fill();
    }

    put_in_order() {
        if (!this.sorted_by) {
            return;
        }
        const { value } = this.sorted_by;
        const direction = this.is_descending ? -1 : 1;
        const keyed = this.records.map((record) => [value(record), record]);
        keyed.sort(([a], [b]) => by_value(a, b, direction));
        this.records = keyed.map(([, record]) => record);
    }

    turn(pages) {
        super.turn(pages);
        this.box.scrollTop = 0;
    }

    put(shown) {
        this.body.replaceChildren(...shown.map((record) => this.make_row(record)));
    }

    make_row(record) {
        const cells = this.columns.map((column, i) => {
            const style = column.is_number ? "number" : column.style;
            const cell = column.cell(record) ?? UNKNOWN;
            return i === 0
                ? make("th", { scope: "row", class: style }, cell)
                : make("td", { class: style }, cell);
        });
        return make("tr", { "data-key": this.row_key?.(record) }, ...cells);
    }
}

/** Whoever has no pointer scrolls a box by focusing it; one that need not scroll is no stop. */
function watch_overflow(box, name) {
    new ResizeObserver(() => {
        const attributes = { tabindex: "0", role: "region", "aria-label": name };
        const is_scrolling = box.scrollWidth > box.clientWidth;
        for (const [attribute, value] of Object.entries(attributes)) {
            if (is_scrolling) {
                box.setAttribute(attribute, value);
            } else {
                box.removeAttribute(attribute);
            }
        }
    }).observe(box);
}
