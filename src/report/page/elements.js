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
