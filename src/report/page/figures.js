// How the page says numbers: three significant digits, in the unit that suits them.

const THIN_SPACE = "\u202f";
const UNITS = [
    [1, "ns"],
    [1e3, "µs"],
    [1e6, "ms"],
    [1e9, "s"],
];
const UNKNOWN = "–";

function grouped(number, decimals = 0) {
    return number.toLocaleString("en", {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
    });
}

/** Says how many there are of a thing: "1 worker", "1,200 workers". */
function count_of(number, singular, plural = `${singular}s`) {
    return `${grouped(number)} ${number === 1 ? singular : plural}`;
}

/** Says a duration in nanoseconds: "1.23 ms", "2 min 5 s"; a dash if it is not known. */
function duration(ns) {
    if (ns === null || ns === undefined) {
        return UNKNOWN;
    }
    if (ns === 0) {
        return "0";
    }
    const sign = ns < 0 ? "−" : "";
    const rounded = Number(Math.abs(ns).toPrecision(3));
    if (rounded >= 120e9) {
        const seconds = Math.round(Math.abs(ns) / 1e9);
        const minutes = grouped(Math.floor(seconds / 60));
        return `${sign}${minutes}${THIN_SPACE}min ${seconds % 60}${THIN_SPACE}s`;
    }
    const [size, unit] = UNITS.findLast(([least]) => rounded >= least) ?? UNITS[0];
    const value = rounded / size;
    const decimals = size === 1 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return `${sign}${value.toFixed(decimals)}${THIN_SPACE}${unit}`;
}

/** Says a duration to the nanosecond: "1,234,567 ns". */
function exact_duration(ns) {
    return ns === null ? UNKNOWN : `${grouped(ns)}${THIN_SPACE}ns`;
}

/** Says a moment of the run with as many digits as a step of `step` nanoseconds needs. */
function moment(ns, step, end) {
    const [size, unit] = UNITS.findLast(([least]) => end >= least) ?? UNITS[0];
    const decimals = Math.max(0, Math.ceil(-Math.log10(step / size) - 1e-9));
    return `${(ns / size).toFixed(Math.min(decimals, 9))}${THIN_SPACE}${unit}`;
}

function percent(share) {
    if (share > 0 && share < 0.001) {
        return `under 0.1${THIN_SPACE}%`;
    }
    const value = share * 100;
    const is_whole = value === 0 || value === 100 || (value >= 10 && value < 99.5);
    return `${value.toFixed(is_whole ? 0 : 1)}${THIN_SPACE}%`;
}

/** Says how many times as long the new duration is: "1.8 ×"; a dash if the old one was nothing. */
function ratio(old_ns, new_ns) {
    const times = new_ns / old_ns;
    return old_ns > 0
        ? `${times >= 10 ? times.toFixed(0) : times.toPrecision(2)}${THIN_SPACE}×`
        : UNKNOWN;
}

function calendar(unix_seconds) {
    const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" });
    return format.format(new Date(unix_seconds * 1000));
}

function short_calendar(unix_seconds) {
    const format = new Intl.DateTimeFormat("en-GB", {
        day: "numeric",
        month: "short",
        hour: "2-digit",
        minute: "2-digit",
    });
    return format.format(new Date(unix_seconds * 1000));
}

/** Returns the value below which `share` of the sorted numbers are (nearest rank). */
function quantile(sorted, share) {
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
