// What the pointer is on, told beside it.

const tip = {
    show(hit, event, run) {
        const box = by_id("tooltip");
        box.hidden = hit === null;
        box.dataset.case = hit?.bar && !hit.is_fixture ? hit.bar.index : "";
        if (hit) {
            box.replaceChildren(...words_of_hit(hit, run));
            place_beside(box, event);
        }
    },
};

function words_of_hit(hit, run) {
    if (hit.process) {
        return words_of_end(hit.process);
    }
    return hit.is_fixture ? words_of_span(hit.bar, run) : words_of_case(hit.bar);
}

function line_of(name, value) {
    return make("div", {}, make("span", {}, name), make("span", {}, value));
}

function words_of_case(one) {
    const outer = one.spans.filter((span) => span.depth === 0);
    return [
        make("strong", {}, test_name(one.test)),
        verdict_mark(one.verdict),
        line_of("start", exact_duration(one.start)),
        line_of("took", exact_duration(one.ns)),
        line_of("fixtures in it", `${grouped(outer.length)} in ${duration(one.fixtures_ns)}`),
        one.pages === null ? null : line_of("pages changed", grouped(one.pages)),
        one.attempts > 1 ? line_of("attempts", grouped(one.attempts)) : null,
    ].filter(Boolean);
}

function words_of_span(span, run) {
    const one = run.case_list[span.case];
    return [
        make("strong", {}, kind_name(span.kind_name), span.label ? ` ${span.label}` : ""),
        line_of("start", exact_duration(span.start)),
        line_of("took", exact_duration(span.ns)),
        one ? line_of("in", test_name(one.test)) : null,
    ].filter(Boolean);
}

function words_of_end(process) {
    return [
        make("strong", {}, `${process.worker} ${process.running ? "goes on" : "ended early"}`),
        process.running ? null : make("p", {}, process.why ?? "why is not known"),
        process.during ? line_of("in", test_name(process.during)) : null,
    ].filter(Boolean);
}

/** Says in a few words how a process ended that did not come to its end. */
function words_of_early_end({ why }) {
    return why?.replace(/^its worker was /, "") ?? "ended early";
}

/** Keeps the box beside the pointer and inside of the window. */
function place_beside(box, event) {
    const { width, height } = box.getBoundingClientRect();
    const room = document.documentElement.clientWidth;
    const left =
        event.clientX + 16 + width > room ? event.clientX - 16 - width : event.clientX + 16;
    const top =
        event.clientY + 20 + height > innerHeight
            ? event.clientY - 12 - height
            : event.clientY + 20;
    box.style.left = `${Math.max(6, Math.min(left, room - width - 6))}px`;
    box.style.top = `${Math.max(6, top)}px`;
}
