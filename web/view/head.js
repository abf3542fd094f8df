/* The head of the page: which program, whether what is seen is live, and four
 * numbers that say how it is doing. */

import { h, s, setAttribute, setText } from "../dom.js";
import { badgeOf } from "../data/badge.js";
import { count, durationText, shortCount } from "../data/format.js";
import { sparkline } from "./charts.js";

const TILES = [
  ["live", "Live resources", (sample, pulse) => count(pulse?.counts.live ?? sample.live), 1],
  ["requestsPerSecond", "Requests / s", (sample) => shortCount(Math.round(sample.requestsPerSecond)), 4],
  ["busy", "Busiest loop", (sample) => `${Math.round(sample.busy * 100)} %`, 0.2],
  ["poolDepth", "Pool depth", (sample) => count(sample.poolDepth), 2],
];
const WIDTH = 96, HEIGHT = 26;

export class HeadView {
  #app;

  constructor(app, menu) {
    this.#app = app;
    this.program = h("span", { class: "program" });
    this.uptime = h("span", { class: "uptime" });
    this.badge = h("span", { class: "live-badge", role: "status" });
    this.pause = h("button", { type: "button", class: "pause", title: "Pause or go on (space)", onclick: () => app.togglePause() }, "Pause");
    this.tiles = TILES.map(([name, title, text, least]) => {
      const value = h("strong", {}, "–");
      const curve = s("path", { class: "line" });
      const element = h("button", { type: "button", class: "tile", onclick: () => app.setView("charts") },
        h("span", { class: "tile-text" }, h("span", { class: "tile-title" }, title), value),
        s("svg", { class: "spark", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" }, curve));
      return { name, text, value, curve, element, least };
    });
    this.element = h("header", { class: "head" },
      h("div", { class: "head-row" },
        h("h1", {}, mark(), "asyncscope"), this.program, this.uptime,
        h("span", { class: "spacer" }), this.badge, this.pause, menu),
      h("div", { class: "tiles" }, this.tiles.map((tile) => tile.element)));
  }

  render(nowMs) {
    const { process, pulse, history } = this.#app;
    if (process) setText(this.program, `${process.command} · pid ${process.pid}`);
    if (pulse) setText(this.uptime, `up ${durationText(pulse.uptimeUs)}`);
    const { kind, text, why } = badgeOf(this.#app.status(), nowMs);
    setAttribute(this.badge, "class", `live-badge ${kind}`);
    setText(this.badge, text);
    setAttribute(this.badge, "title", why);
    setText(this.pause, this.#app.paused ? "Go on" : "Pause");
    setAttribute(this.pause, "aria-pressed", String(this.#app.paused));
    const samples = history.seconds.items;
    if (samples.length > 0) for (const tile of this.tiles) this.#tile(tile, samples);
    document.title = process ? `${kind === "live" ? "" : "● "}${process.command} · asyncscope` : "asyncscope";
  }

  #tile({ name, text, value, curve, least }, samples) {
    setText(value, text(samples[samples.length - 1], this.#app.pulse));
    setAttribute(curve, "d", sparkline(samples.map((sample) => sample[name]), WIDTH, HEIGHT, least));
  }
}

/* The mark: a ring that is followed, and what follows. */
function mark() {
  return s("svg", { class: "logo", viewBox: "0 0 24 24", "aria-hidden": "true" },
    s("circle", { cx: 7, cy: 12, r: 4.2 }), s("path", { d: "M11.2 12H15M15 12C18 12 17 6.5 20.5 6.5M15 12C18 12 17 17.5 20.5 17.5" }),
    s("circle", { class: "dot", cx: 21, cy: 6.5, r: 1.8 }), s("circle", { class: "dot", cx: 21, cy: 17.5, r: 1.8 }));
}
