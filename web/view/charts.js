/* Charts: what lives by type, requests per second, the loops' lag, the pool. */

import { scaleLinear } from "d3-scale";
import { area, line, stack } from "d3-shape";
import { h, s, setAttribute, setText } from "../dom.js";
import { shortCount } from "../data/format.js";
import { countsOf, POINTS, topTypes } from "../data/series.js";
import { familyOf } from "../data/palette.js";

const WIDTH = 560;
const HEIGHT = 168;
const LEFT = 52;
const BOTTOM = 20;
const TYPES_MAX = 6;
const STEP = 15; /* between two marks of time */
const SPANS = { seconds: { unit: "s", pointS: 1 }, minutes: { unit: "min", pointS: 60 } };

/* `peak`: a second curve above the first one. */
const LINES = [
  { id: "requestsPerSecond", title: "Requests per second" },
  { id: "lagMs", peak: "lagMaxMs", names: ["p99", "max"], title: "Loop lag", say: lagText, hint: "how long the turns of the loops were busy; one that has not ended counts with what it takes already" },
  { id: "poolDepth", title: "Pool depth", whole: true, hint: "tasks that run or wait" },
];

function lagText(ms) {
  return ms >= 1000 ? `${amount(ms / 1000)} s` : `${amount(ms)} ms`;
}

/* A place for one chart: its axes, its curves, and its last number. */
class Chart {
  constructor({ title, hint, say = shortCount, whole = false }) {
    this.say = say;
    this.whole = whole; /* there are no parts of what is counted */
    this.plot = s("g", {});
    this.axes = s("g", { class: "axes" });
    this.svg = s("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" }, this.axes, this.plot);
    this.value = h("span", { class: "value" });
    this.key = h("ul", { class: "legend" });
    this.title = title;
    this.element = h("figure", {}, h("figcaption", { title: hint }, h("span", {}, title), this.value), this.svg, this.key);
  }

  /* The scales; the newest sample stands at the right edge, the others where
   * their time is. */
  scales(samples, max, span) {
    const now = samples[samples.length - 1]?.at;
    const ago = (sample) => (sample.at - now) / span.pointS;
    const x = scaleLinear([Math.min(1 - POINTS, ...samples.map(ago)), 0], [LEFT, WIDTH - 8]);
    const y = scaleLinear([0, max || 1], [HEIGHT - BOTTOM, 8]).nice(4);
    const at = (index) => x(ago(samples[index]));
    return { x, y, at };
  }

  drawAxes({ x, y }, span) {
    const ticks = [];
    for (const tick of y.ticks(4).filter((value) => !this.whole || Number.isInteger(value)))
      ticks.push(s("line", { x1: LEFT, x2: WIDTH - 8, y1: y(tick), y2: y(tick) }),
        s("text", { x: LEFT - 6, y: y(tick) + 3.5, "text-anchor": "end" }, tick === 0 ? "0" : this.say(tick)));
    for (let tick = STEP - POINTS; tick <= 0; tick += STEP)
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
  #drawn = "";

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

  show() {}
  hide() {}

  render() {
    for (const button of this.spans.children)
      setAttribute(button, "aria-pressed", String(button.dataset.span === this.#span));
    const { items: samples, last } = this.#app.history[this.#span];
    const { process } = this.#app;
    const drawn = `${this.#span} ${last?.number} ${samples.length} ${process?.pid}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    setText(this.note, samples.length > 0 || !process ? ""
      : this.#span === "seconds" ? "the first second is not over yet" : "there is a point for each minute; the first one is not over yet");
    this.#drawTypes(samples);
    for (const row of this.lines) this.#drawLine(row, samples);
  }

  #drawTypes(samples) {
    const span = SPANS[this.#span];
    const types = topTypes(samples, TYPES_MAX);
    const rows = countsOf(samples, types);
    const keys = rows.some((row) => row.get("others") > 0) ? [...types, "others"] : types;
    const layers = stack().keys(keys).value((row, key) => row.get(key))(rows);
    const max = Math.max(1, ...layers.flatMap((layer) => layer.map((point) => point[1])));
    const scales = this.types.scales(samples, max, span);
    this.types.drawAxes(scales, span);
    const shape = area().x((point, index) => scales.at(index)).y0((point) => scales.y(point[0])).y1((point) => scales.y(point[1]));
    this.types.plot.replaceChildren(...layers.map((layer, at) =>
      s("path", { class: `area t-${familyOf(keys[at])} layer${at % 3}`, d: samples.length > 1 ? shape(layer) : "" })));
    this.types.key.replaceChildren(...keys.map((key, at) => h("li", {},
      h("i", { class: `swatch t-${familyOf(key)} layer${at % 3}` }), `${key} ${shortCount(rows[rows.length - 1]?.get(key) ?? 0)}`)));
    this.types.label(samples.length > 0 ? `${shortCount(samples[samples.length - 1].live)} live` : "–");
  }

  #drawLine({ id, peak, names, say = amount, chart }, samples) {
    const span = SPANS[this.#span];
    const max = Math.max(1, ...samples.map((sample) => sample[peak ?? id]));
    const scales = chart.scales(samples, max, span);
    chart.drawAxes(scales, span);
    const x = (sample, index) => scales.at(index);
    const of = (name) => line().x(x).y((sample) => scales.y(sample[name]))(samples) ?? "";
    chart.plot.replaceChildren(
      s("path", { class: "fill", d: area().x(x).y0(scales.y(0)).y1((sample) => scales.y(sample[id]))(samples) ?? "" }),
      ...(peak ? [s("path", { class: "line peak", d: of(peak) })] : []),
      s("path", { class: "line", d: of(id) }));
    const last = samples[samples.length - 1];
    const text = (name) => say(last[name]);
    chart.label(!last ? "–" : peak ? `${names[0]} ${text(id)}, ${names[1]} ${text(peak)}` : text(id));
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
  const max = Math.max(least, ...values);
  const x = scaleLinear([0, POINTS - 1], [0, width]);
  const offset = POINTS - values.length;
  return line().x((value, index) => x(index + offset))
    .y((value) => height - 1.5 - (value / max) * (height - 3))(values) ?? "";
}
