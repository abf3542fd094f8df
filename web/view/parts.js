/* Small things that all views are made of. */

import { h, s } from "../dom.js";
import { duration, siteShort } from "../data/format.js";
import { familyOf } from "../data/palette.js";

/* A time whose unit has the colour of its magnitude. */
export function time(us) {
  if (us === undefined) return h("span", { class: "time none" }, "–");
  const { value, unit, magnitude } = duration(us);
  return h("span", { class: `time ${magnitude}` }, value, h("i", {}, `\u202f${unit}`));
}

/* Shapes: a state is told by shape and word, never by colour alone. */
const SHAPES = {
  init: "M0-4.5A4.5 4.5 0 1 1 0 4.5A4.5 4.5 0 1 1 0-4.5Z",
  idle: "M0-4.5A4.5 4.5 0 1 1 0 4.5A4.5 4.5 0 1 1 0-4.5Z",
  queued: "M0-5.5L5.5 0L0 5.5L-5.5 0Z",
  running: "M-4-5L5.5 0L-4 5Z",
  closing: "M-4.5-4.5H4.5V4.5H-4.5Z",
  destroyed: "M-4-4L4 4M4-4L-4 4",
};

export function stateMark(state, family, extra = "") {
  return s("path", { class: `mark ${state} t-${family} ${extra}`, d: SHAPES[state] ?? SHAPES.idle });
}

export function stateIcon(state, type) {
  return s("svg", { class: "state-icon", viewBox: "-7 -7 14 14", "aria-hidden": "true" },
    stateMark(state, familyOf(type)));
}

export function typeLabel(type) {
  return h("span", { class: "type" },
    h("i", { class: `dot t-${familyOf(type)}`, "aria-hidden": "true" }), nameText(type ?? "unknown"));
}

export function site(where) {
  if (!where) return h("span", { class: "site none" }, "–");
  return h("span", { class: "site", title: `${where.file}:${where.line} ${where.function ?? ""}` },
    siteShort(where));
}

/* A name of the program's in a line of ours: what it does to the direction of
 * writing ends with it. */
export function nameText(name) {
  return h("bdi", {}, name);
}

/* A button that selects a request or a resource, wherever it stands. */
export function link(app, id, text = id) {
  return h("button", { type: "button", class: "link", "data-select": id, onclick: (event) => {
    event.stopPropagation();
    app.select(id);
  } }, text);
}

/* What a view says that nobody had looked at before the page was paused. */
export const NOT_SEEN = "paused before this was looked at: go on to see it";

/* What is said where there is nothing to show. */
export function empty(title, ...hints) {
  return h("div", { class: "empty" }, h("p", { class: "empty-title" }, title),
    hints.map((hint) => h("p", {}, hint)));
}

/* The same of a view, which knows of nothing yet. */
export function emptyView(...words) {
  const element = empty(...words);
  element.hidden = true;
  return element;
}

const SEGMENTS = ["loop", "queue", "worker", "idle"];

/* Where the time went; `shares` of data/requests.js. */
export function timeBar(shares) {
  const bar = h("span", { class: "bar", role: "img" }, SEGMENTS.map((name) =>
    h("i", { class: `seg-${name}` })));
  updateTimeBar(bar, shares);
  return bar;
}

export function updateTimeBar(bar, shares) {
  const label = SEGMENTS.map((name) => `${name} ${Math.round(shares[name] * 100)} %`).join(", ");
  if (bar.getAttribute("aria-label") === label) return;
  bar.setAttribute("aria-label", label);
  bar.title = label;
  SEGMENTS.forEach((name, at) => {
    bar.children[at].style.flexGrow = shares[name].toFixed(4);
  });
}

export function barLegend() {
  return h("ul", { class: "legend" }, SEGMENTS.map((name) =>
    h("li", {}, h("i", { class: `swatch seg-${name}`, "aria-hidden": "true" }), name)));
}
