// What went wrong: each test with its reason, what it wrote, and its earlier tries.

const FAILURES_ON_A_PAGE = 20;
const LINES_SHOWN_AT_ONCE = 24;

function show_failures(run, reveal) {
    const failed = run.case_list.filter(is_failure);
    const not_run = run.case_list.filter((one) => one.verdict === "not run");
    if (failed.length + not_run.length + run.troubles.length === 0) {
        return;
    }
    fill(
        "failures",
        ...run.troubles.map(({ program, text }) => trouble_element(program, text)),
        failed.length > 0 ? failure_list(failed, run, reveal) : null,
        not_run.length > 0 ? not_run_table(not_run, reveal) : null,
    );
}

/** What `--verify` has found, as it was printed. */
function show_verifications({ verifications }) {
    if (verifications.length > 0) {
        fill(
            "verification",
            ...verifications.map(({ program, text }) =>
                make(
                    "article",
                    {},
                    make("h3", {}, program),
                    verbatim(text, `what the verification of ${program} found`),
                ),
            ),
        );
    }
}

function trouble_element(program, text) {
    return make(
        "article",
        { class: "failure" },
        make("h3", {}, `Outside of tests, in ${program}`),
        verbatim(text, "what went wrong outside of tests"),
    );
}

function failure_list(failed, run, reveal) {
    return new record_list({
        records: failed,
        page_size: FAILURES_ON_A_PAGE,
        element: (one) => failure_element(one, run, reveal),
    }).element;
}

/** The command is that of the directory in which the program was started. */
function debug_element({ debug, test }, launch) {
    return debug
        ? make(
              "p",
              { class: "quiet" },
              "Debug: ",
              command_line(in_directory_of(launch, debug), `the command that debugs ${test}`),
          )
        : null;
}

function failure_element(one, { launches }, reveal) {
    return make(
        "article",
        { class: "failure", "data-key": one.index },
        make("h3", {}, case_link(one, reveal)),
        words_of_try(one),
        ...evidence_of(one),
        debug_element(one, launches[one.launch]),
        ...tries_of_case(one),
    );
}

/** Says how a try ended, where, and how long it took. */
function words_of_try(one) {
    const parts = [
        one.worker === null ? null : `by ${one.worker}`,
        one.ns === null ? null : `in ${duration(one.ns)}`,
        one.attempts > 1 ? `${grouped(one.attempts)} attempts` : null,
    ];
    return make(
        "p",
        { class: "try" },
        verdict_mark(one.verdict),
        make("span", { class: "quiet" }, parts.filter(Boolean).join(", ")),
    );
}

function evidence_of(one) {
    return [
        one.text ? verbatim(one.text, `why ${one.test} ${one.verdict}`) : null,
        one.output ? output_element(one) : null,
    ];
}

/** A long output is opened by who wants it. */
function output_element(one) {
    const text = one.output.replace(/\n+$/, "");
    const lines = text.split("\n").length;
    return make(
        "details",
        { open: lines <= LINES_SHOWN_AT_ONCE },
        make("summary", {}, `Output, ${count_of(lines, "line")}`),
        verbatim(text, `the output of ${one.test}`, "output"),
    );
}

/** Shows the tries before the last one, as far as they tell something else. */
function tries_of_case(one) {
    return one.tries.map((earlier, i) => {
        const tells_more = earlier.text !== one.text || earlier.output !== one.output;
        return make(
            "div",
            { class: "earlier" },
            make("h4", {}, `Attempt ${grouped(i + 1)}`),
            words_of_try({ ...earlier, attempts: 1 }),
            ...(tells_more ? evidence_of(earlier) : []),
        );
    });
}

function not_run_table(not_run, reveal) {
    return new record_table({
        caption: "Tests that did not run",
        records: not_run,
        page_size: FAILURES_ON_A_PAGE,
        columns: [own_name_column(reveal), prose_column("Why", (one) => one.text)],
    }).element;
}
