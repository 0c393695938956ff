// How the programs of a run were started, where, and what they are.

const MOST_LAUNCHES = 50;

/** Returns the command that starts a program as it was started; null if that is not known. */
function command_of(launch, ...options) {
    if (!launch?.command) {
        return null;
    }
    return in_directory_of(launch, [launch.command, ...options].join(" "));
}

function in_directory_of(launch, words) {
    return launch?.directory ? `cd ${shell_word(launch.directory)} && ${words}` : words;
}

function shell_word(text) {
    return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function words_of_host({ host, system, cores }) {
    return [host, system, cores === null ? null : count_of(cores, "core")]
        .filter(Boolean)
        .join(", ");
}

function words_of_versions({ isolite, sqlite }) {
    return [isolite && `isolite ${isolite}`, sqlite && `SQLite ${sqlite}`]
        .filter(Boolean)
        .join(", ");
}

/** A verification tells itself how to repeat what it has found. */
function facts_of_launch(launch, is_verified) {
    const again = launch.failed > 0 && !is_verified ? command_of(launch, "--failed") : null;
    const facts = [
        ["Command", launch.command && command_line(command_of(launch), "the command")],
        ["Failed ones again", again && command_line(again, "the command for the failed ones")],
        ["Host", words_of_host(launch)],
        ["Versions", words_of_versions(launch)],
    ];
    return facts.filter(([, value]) => value).map(([name, value]) => fact(name, value));
}

function launch_item(launch) {
    return make(
        "li",
        {},
        verdict_mark(launch.verdict === "empty" ? "not run" : launch.verdict),
        ` ${launch.program}, ${count_of(launch.cases, "test")}`,
        launch.command ? command_line(command_of(launch), `the command of ${launch.program}`) : "",
    );
}

/** Tells of one program all that is known, and of several how each was started. */
function show_launches({ launches, verifications }) {
    const box = by_id("launches");
    const [first] = launches;
    if (!first) {
        return;
    }
    if (launches.length === 1) {
        box.append(...facts_of_launch(first, verifications.length > 0));
        return;
    }
    const same = (words_of) =>
        launches.every((one) => words_of(one) === words_of(first)) ? words_of(first) : null;
    const facts = [
        ["Host", same(words_of_host)],
        ["Versions", same(words_of_versions)],
        ["Programs", list_of_launches(launches)],
    ];
    box.append(...facts.filter(([, value]) => value).map(([name, value]) => fact(name, value)));
}

function list_of_launches(launches) {
    const order = ["running", "died", "failed", "stopped", "passed", "empty"];
    const rank = ({ verdict }) => order.indexOf(verdict);
    const shown = launches.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST_LAUNCHES);
    return make(
        "details",
        {},
        make("summary", {}, `${count_of(launches.length, "program")} started`),
        make("ul", { class: "launches" }, ...shown.map(launch_item)),
        launches.length > shown.length
            ? make("p", { class: "quiet" }, `and ${grouped(launches.length - shown.length)} more`)
            : null,
    );
}
