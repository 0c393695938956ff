// Text that people take along: commands and what tests wrote.

const SAID_FOR_MS = 1600;

/** Copies a text; where a browser keeps the clipboard closed, by way of a selection. */
async function copy(text) {
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        const area = make("textarea", { class: "unseen" });
        area.value = text;
        document.body.append(area);
        area.select();
        document.execCommand("copy");
        area.remove();
    }
}

/** Makes a button that copies a text; `what` tells it from the others to who cannot see them. */
function copy_button(text, what) {
    const words = make("span", { role: "status" }, "Copy");
    const click = async () => {
        await copy(text);
        words.textContent = "Copied";
        setTimeout(() => {
            words.textContent = "Copy";
        }, SAID_FOR_MS);
    };
    return make(
        "button",
        { type: "button", class: "copy", click },
        words,
        make("span", { class: "unseen" }, ` ${what}`),
    );
}

/** Shows a text as it was written, with a button that copies it. */
function verbatim(text, what, style = "") {
    const box = make("pre", { class: style }, text);
    watch_overflow(box, what);
    return make("div", { class: "verbatim" }, box, copy_button(text, what));
}

/** A browser would begin a new line within an option, behind its hyphens. */
function words_of_line(text) {
    return text.split(" ").flatMap((word) => [make("span", { class: "word" }, word), " "]).slice(0, -1);
}

function command_line(text, what) {
    return make(
        "span",
        { class: "command" },
        make("code", {}, ...words_of_line(text)),
        copy_button(text, what),
    );
}
