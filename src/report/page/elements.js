// Elements are made here. Text reaches the page as text nodes and attributes only, never as HTML.

const SVG = "http://www.w3.org/2000/svg";

function furnished(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === "function") {
            element.addEventListener(name, value);
        } else if (value !== null && value !== undefined && value !== false) {
            element.setAttribute(name, value === true ? "" : value);
        }
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
}

/** Makes an element; an attribute whose value is a function listens to the event of that name. */
function make(tag, attributes = {}, ...children) {
    return furnished(document.createElement(tag), attributes, children);
}

function make_svg(tag, attributes = {}, ...children) {
    return furnished(document.createElementNS(SVG, tag), attributes, children);
}

function by_id(id) {
    return document.getElementById(id);
}

/** What people read first in a test's name is its last part. */
function leaf_of(test) {
    const slash = test.lastIndexOf("/");
    return slash < 0 || slash === test.length - 1 ? test : test.slice(slash + 1);
}

/** Shows the name of a test with its suites in the background. */
function test_name(test) {
    const leaf = leaf_of(test);
    return make(
        "span",
        { class: "test", title: test },
        make("span", { class: "suite" }, test.slice(0, test.length - leaf.length)),
        leaf,
    );
}

/** Shows a verdict with a mark, so that colour is not its only sign. */
function verdict_mark(verdict) {
    const { mark, style } = look_of_verdict(verdict);
    return make(
        "span",
        { class: `verdict ${style}` },
        make("span", { class: "mark", "aria-hidden": "true" }, mark),
        verdict,
    );
}

/** Shows a figure with a thin bar below it that compares it with the largest of its column. */
function measured(text, share) {
    const cell = make("span", { class: "measured" }, text);
    cell.style.setProperty("--share", Math.max(0, Math.min(1, share || 0)));
    return cell;
}

/**
 * Shows records as a table whose columns sort it, a page at a time.
 *
 * A column has a `name`, `cell(record)` (text or a node) and, unless it is not to be sorted,
 * `value(record)`; `is_number` aligns it to the right and sorts the largest first.
 */
class record_table {
    constructor({ caption, columns, records, page_size = Infinity, row_key = null }) {
        this.columns = columns;
        this.page_size = page_size;
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
        this.pager = page_size === Infinity ? null : this.make_pager();
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

    make_pager() {
        this.place = make("output", { class: "place" });
        this.back = make("button", { type: "button", click: () => this.turn(-1) }, "Previous");
        this.forth = make("button", { type: "button", click: () => this.turn(1) }, "Next");
        return make("div", { class: "pager" }, this.place, this.back, this.forth);
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
        this.page += pages;
        this.fill();
        this.box.scrollTop = 0;
    }

    fill() {
        const size = Math.min(this.page_size, Math.max(1, this.records.length));
        const start = this.page * size;
        const shown = this.records.slice(start, start + size);
        this.body.replaceChildren(...shown.map((record) => this.make_row(record)));
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

const collator = new Intl.Collator("en", { numeric: true });

/** Orders two values; what is not known comes last in both directions. */
function by_value(a, b, direction) {
    if (a === null || b === null) {
        return (a === null) - (b === null);
    }
    if (typeof a === "string") {
        return direction * collator.compare(a, b);
    }
    return direction * (a - b);
}
