// All cases: what is searched for in them, their table, and the details of one that is pinned.

const CASES_ON_A_PAGE = 50;

/** Returns a test of cases for the words of a search; null if there are none. */
function matcher(words) {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    if (wanted.length === 0) {
        return null;
    }
    return (one) => wanted.every((word) => text_of_case(one).includes(word));
}

function text_of_case(one) {
    one.searched ??= [
        one.test,
        one.verdict,
        one.worker,
        one.program,
        one.attempts > 1 ? "flaky" : "",
    ]
        .join(" ")
        .toLowerCase();
    return one.searched;
}

/** Names a case by a button that shows it on the time line. */
function own_name_column(reveal) {
    return {
        name: "Test",
        value: (one) => one.test,
        style: "name",
        cell: (one) => case_link(one, reveal),
    };
}

function cases_table(run, reveal) {
    return new record_table({
        caption: "All tests",
        records: run.case_list,
        page_size: CASES_ON_A_PAGE,
        row_key: (one) => one.index,
        columns: [
            own_name_column(reveal),
            verdict_column,
            { name: "Worker", value: (one) => one.worker, cell: (one) => one.worker },
            {
                name: "Start",
                value: (one) => one.start,
                is_number: true,
                cell: (one) => duration(one.start),
            },
            duration_column("Took", (one) => one.ns),
            duration_column("In fixtures", (one) => one.fixtures_ns),
            number_column("Pages", (one) => one.pages),
            number_column("Attempts", (one) => one.attempts),
        ],
    });
}

/** Keeps both search boxes, the table and the time line at the same words. */
function connect_search(run, line, table) {
    const boxes = [by_id("search-line"), by_id("search-table")];
    const search = (words) => {
        const is_match = matcher(words);
        const found = is_match ? run.case_list.filter(is_match) : run.case_list;
        boxes
            .filter((box) => box.value !== words)
            .forEach((box) => {
                box.value = words;
            });
        table.show(found);
        line.search(is_match && new Set(found.map((one) => one.index)));
        by_id("found").textContent = is_match
            ? `${grouped(found.length)} of ${count_of(run.case_list.length, "test")}`
            : "";
    };
    boxes.forEach((box) => box.addEventListener("input", () => search(box.value)));
    return search;
}

function fact(name, value) {
    return make("div", {}, make("dt", {}, name), make("dd", {}, value));
}

function facts_of(one) {
    return make(
        "dl",
        { class: "facts" },
        fact("Verdict", verdict_mark(one.verdict)),
        fact("Worker", one.worker ?? UNKNOWN),
        fact("Program", one.program ?? UNKNOWN),
        fact("Start", duration(one.start)),
        fact("Took", duration(one.ns)),
        fact("In fixtures", duration(one.fixtures_ns)),
        fact("In sessions", duration(one.session_ns)),
        fact("Pages changed", one.pages === null ? UNKNOWN : grouped(one.pages)),
        fact("Attempts", grouped(one.attempts ?? 1)),
    );
}

function spans_table(one) {
    return new record_table({
        caption: "Fixtures in this test",
        records: one.spans.toSorted((a, b) => a.start - b.start),
        page_size: CASES_ON_A_PAGE,
        columns: [
            {
                name: "Fixture",
                value: (span) => span.kind_name,
                cell: (span) => indented(kind_name(span.kind_name), span.depth),
            },
            text_column("Name", (span) => span.label),
            {
                name: "After",
                value: (span) => span.start,
                is_number: true,
                cell: (span) => duration(span.start - (one.start ?? 0)),
            },
            duration_column("Took", (span) => span.ns),
        ],
    }).element;
}

function indented(element, depth) {
    element.style.paddingInlineStart = `${depth * 1.1}rem`;
    return element;
}

/** Shows all that is known of one case below the time line; null takes that away again. */
function show_details(one, close) {
    const box = by_id("details");
    box.hidden = one === null;
    if (one === null) {
        return;
    }
    box.replaceChildren(
        make(
            "div",
            { class: "bar" },
            make("h3", {}, test_name(one.test)),
            make(
                "button",
                { type: "button", click: close, "aria-label": "Close the details" },
                "Close",
            ),
        ),
        facts_of(one),
        ...evidence_of(one).filter(Boolean),
        ...tries_of_case(one),
        one.spans.length > 0
            ? spans_table(one)
            : make("p", { class: "quiet" }, "No fixture was recorded in it."),
    );
}
