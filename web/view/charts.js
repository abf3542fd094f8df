/* Charts: what lives by type, requests per second, the loops' lag, the pool. */

import { scaleLinear } from "d3-scale";
import { area, line, stack } from "d3-shape";
import { h, s, setAttribute, setText } from "../dom.js";
import { shortCount } from "../data/format.js";
import { topTypes } from "../data/series.js";
import { familyOf } from "../data/palette.js";

const WIDTH = 560;
const HEIGHT = 168;
const LEFT = 44;
const BOTTOM = 20;
const TYPES_MAX = 6;
const SPANS = { seconds: { length: 60, unit: "s", step: 15 }, minutes: { length: 60, unit: "min", step: 15 } };

const LINES = [
  { id: "requestsPerSecond", title: "Requests per second", unit: "" },
  { id: "lagMs", title: "Loop lag", unit: " ms", hint: "how long a turn of the loop was busy on average; a callback it is stuck in counts with its length" },
  { id: "poolDepth", title: "Pool depth", unit: "", whole: true, hint: "tasks that run or wait" },
];

/* A place for one chart: its axes, its curves, and its last number. */
class Chart {
  constructor({ title, hint, unit = "", whole = false }) {
    this.unit = unit;
    this.whole = whole; /* there are no parts of what is counted */
    this.plot = s("g", {});
    this.axes = s("g", { class: "axes" });
    this.svg = s("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" }, this.axes, this.plot);
    this.value = h("span", { class: "value" });
    this.key = h("ul", { class: "legend" });
    this.title = title;
    this.element = h("figure", {}, h("figcaption", { title: hint }, h("span", {}, title), this.value), this.svg, this.key);
  }

  /* The scales; the newest sample stands at the right edge. */
  scales(samples, max, span) {
    const x = scaleLinear([-(span.length - 1), 0], [LEFT, WIDTH - 8]);
    const y = scaleLinear([0, max || 1], [HEIGHT - BOTTOM, 8]).nice(4);
    const at = (index) => x(index - samples.length + 1);
    return { x, y, at };
  }

  drawAxes({ x, y }, span) {
    const ticks = [];
    for (const tick of y.ticks(4).filter((value) => !this.whole || Number.isInteger(value)))
      ticks.push(s("line", { x1: LEFT, x2: WIDTH - 8, y1: y(tick), y2: y(tick) }),
        s("text", { x: LEFT - 6, y: y(tick) + 3.5, "text-anchor": "end" }, shortCount(tick) + (tick === 0 ? "" : this.unit)));
    for (let tick = -span.length + span.step; tick <= 0; tick += span.step)
      ticks.push(s("text", { x: x(tick), y: HEIGHT - 4, "text-anchor": tick === 0 ? "end" : "middle" },
        tick === 0 ? "now" : `−${-tick} ${span.unit}`));
    this.axes.replaceChildren(...ticks);
  }

  label(text) {
    setAttribute(this.svg, "aria-label", `${this.title}: ${text}`);
    setText(this.value, text);
  }
}

export class ChartsView {
  name = "charts";
  title = "Charts";
  #app;
  #span = "seconds";

  constructor(app) {
    this.#app = app;
    this.types = new Chart({ title: "Live resources by type", whole: true });
    this.lines = LINES.map((row) => ({ ...row, chart: new Chart(row) }));
    this.note = h("p", { class: "note", role: "status" });
    this.spans = h("div", { class: "segmented", role: "group", "aria-label": "How far back" },
      Object.entries({ seconds: "60 seconds", minutes: "60 minutes" }).map(([span, title]) =>
        h("button", { type: "button", "data-span": span, onclick: () => this.#choose(span) }, title)));
    this.element = h("section", {}, h("div", { class: "toolbar" }, this.note, this.spans),
      h("div", { class: "charts" }, this.types.element, this.lines.map((row) => row.chart.element)));
  }

  #choose(span) {
    this.#span = span;
    this.render();
  }

  show() { this.render(); }
  hide() {}
  ids() { return []; }

  render() {
    for (const button of this.spans.children)
      setAttribute(button, "aria-pressed", String(button.dataset.span === this.#span));
    const samples = this.#app.history[this.#span].items;
    setText(this.note, samples.length < 2 ? (this.#span === "seconds" ? "the first seconds are being seen"
      : "a point for each minute that this page has been open: the first ones are still to come")
      : "seen since this page was opened");
    this.#drawTypes(samples);
    for (const row of this.lines) this.#drawLine(row, samples);
  }

  #drawTypes(samples) {
    const span = SPANS[this.#span];
    const types = topTypes(samples, TYPES_MAX);
    const known = new Set(types);
    const rows = samples.map((sample) => {
      const row = { others: 0 };
      for (const [type, number] of Object.entries(sample.byType))
        if (known.has(type)) row[type] = number;
        else row.others += number;
      return row;
    });
    const keys = rows.some((row) => row.others > 0) ? [...types, "others"] : types;
    const layers = stack().keys(keys).value((row, key) => row[key] ?? 0)(rows);
    const max = Math.max(1, ...layers.flatMap((layer) => layer.map((point) => point[1])));
    const scales = this.types.scales(samples, max, span);
    this.types.drawAxes(scales, span);
    const shape = area().x((point, index) => scales.at(index)).y0((point) => scales.y(point[0])).y1((point) => scales.y(point[1]));
    this.types.plot.replaceChildren(...layers.map((layer, at) =>
      s("path", { class: `area t-${familyOf(keys[at])} layer${at % 3}`, d: samples.length > 1 ? shape(layer) : "" })));
    this.types.key.replaceChildren(...keys.map((key, at) => h("li", {},
      h("i", { class: `swatch t-${familyOf(key)} layer${at % 3}` }), `${key} ${shortCount(rows[rows.length - 1]?.[key] ?? 0)}`)));
    this.types.label(samples.length > 0 ? `${shortCount(samples[samples.length - 1].live)} live` : "–");
  }

  #drawLine({ id, unit, chart }, samples) {
    const span = SPANS[this.#span];
    const values = samples.map((sample) => sample[id]);
    const max = Math.max(1, ...values.filter((value) => value !== undefined));
    const scales = chart.scales(samples, max, span);
    chart.drawAxes(scales, span);
    const defined = (value) => value !== undefined;
    const x = (value, index) => scales.at(index);
    chart.plot.replaceChildren(
      s("path", { class: "fill", d: area().defined(defined).x(x).y0(scales.y(0)).y1((value) => scales.y(value))(values) ?? "" }),
      s("path", { class: "line", d: line().defined(defined).x(x).y((value) => scales.y(value))(values) ?? "" }));
    const last = values[values.length - 1];
    chart.label(last === undefined ? "–" : `${amount(last)}${unit}`);
  }
}

/* Small ones with decimals, where they have some. */
function amount(value) {
  if (value >= 10) return shortCount(Math.round(value));
  return String(Number(value.toFixed(value < 1 ? 2 : 1)));
}

/* A curve without axes, for the head of the page; no lower than `least` at its
 * top, so that next to nothing looks like it. */
export function sparkline(values, width, height, least) {
  const known = values.filter((value) => value !== undefined);
  const max = Math.max(least, ...known);
  const x = scaleLinear([0, 59], [0, width]);
  const offset = 60 - values.length;
  return line().defined((value) => value !== undefined)
    .x((value, index) => x(index + offset)).y((value) => height - 1.5 - (value / max) * (height - 3))(values) ?? "";
}
