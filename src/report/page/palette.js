// The colours of the theme, as a canvas needs them.

const COLOURS = [
    "ink",
    "muted",
    "line",
    "track",
    "on-bar",
    "accent",
    "paper",
    ...VERDICTS.map(({ style }) => style),
    ...Object.values(KIND_COLOURS),
];

/** What page.css says now. A canvas knows no custom properties, so an element is asked for them. */
class palette {
    constructor(parent, kinds) {
        const probe = parent.appendChild(make("i", { hidden: true }));
        this.of = {};
        for (const name of COLOURS) {
            probe.style.color = `var(--${name})`;
            this.of[name] = getComputedStyle(probe).color;
        }
        this.font = getComputedStyle(probe).fontFamily;
        probe.remove();
        this.verdicts = VERDICTS.map(({ style }) => this.of[style]);
        this.kinds = kinds.map((kind) => this.of[colour_of_kind(kind)]);
        this.hatch = hatch_of(this.of["on-bar"]);
    }
}

/** Makes the pattern that tells failed cases from others without their colour. */
function hatch_of(colour) {
    const tile = make("canvas", { width: 6, height: 6 });
    const context = tile.getContext("2d");
    context.strokeStyle = colour;
    context.globalAlpha = 0.45;
    context.lineWidth = 1.4;
    for (const shift of [-6, 0, 6]) {
        context.moveTo(shift, 6);
        context.lineTo(shift + 6, 0);
    }
    context.stroke();
    return context.createPattern(tile, "repeat");
}
