/* Swim-lanes: what ran where in the last seconds; and what each thread is at. */

import { scaleLinear } from "d3-scale";
import { h, isPressed, reconcile, setAttribute, setText } from "../dom.js";
import { stuckThreads } from "../data/badge.js";
import { SELDOM } from "../data/duty.js";
import { target } from "../data/filter.js";
import { count, durationText } from "../data/format.js";
import { busyOfLane, lanesOf, runAt, spanOf } from "../data/lanes.js";
import { busyOf } from "../data/series.js";
import { isKnown, seenText } from "../data/seen.js";
import { familyOf } from "../data/palette.js";
import { Poll } from "../net/poll.js";
import { IDS_MAX, IdsLine } from "./ids_line.js";
import { emptyView, link, nameText, NOT_SEEN, site, typeLabel } from "./parts.js";
import { colors } from "./theme.js";

const SECONDS = 10;
const RUNS_MAX = 500; /* of each thread */
const LANE = 44;
const INNER = 9; /* of one level of nesting */

/* Its pixels are made anew only where there are others. */
function clear(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  const pixels = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
  if (canvas.width !== pixels.width || canvas.height !== pixels.height) Object.assign(canvas, pixels);
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/* A number does not stand on one line and its unit on the next. */
const unbroken = (us) => durationText(us).replace(" ", "\u00a0");

export class ThreadsView {
  name = "threads";
  title = "Threads";
  #app;
  #answer = null;
  #span = null;
  #lanes = [];
  #rows = new Map();
  #details = new Map();
  #stuck = "";
  #widths = { lane: 0, axis: 0 };
  #painting = 0;

  constructor(app) {
    this.#app = app;
    const problem = (error) => app.problem(error);
    this.runs = new Poll(app.api, () => target("/debug/runs", "runs", app.filter, { seconds: SECONDS, limit: RUNS_MAX }),
      (answer) => this.#take(answer), problem);
    this.threads = new Poll(app.api, () => target("/debug/threads", "threads", app.filter, { include: "stacks", limit: IDS_MAX + 1 }),
      (answer) => this.#takeThreads(answer), problem, SELDOM);
    this.note = h("p", { class: "note", role: "status" });
    this.axis = h("div", { class: "axis", "aria-hidden": "true" });
    this.body = h("ul", { class: "lanes" });
    this.tip = h("div", { class: "tip", role: "status", hidden: true });
    this.empty = emptyView("No threads match.", "Clear thread= or loop= in the filter.");
    this.element = h("section", { class: "threads" },
      h("div", { class: "toolbar" }, this.note,
        h("button", { type: "button", onclick: () => this.#again() }, "Look again")),
      h("div", { class: "lane-head" }, h("span", {}), this.axis), this.body, this.empty, this.tip);
    new ResizeObserver(() => this.#measure()).observe(this.body);
  }

  /* When it is laid out anyway. */
  #measure() {
    this.#widths = { lane: this.body.querySelector("canvas")?.clientWidth ?? 0, axis: this.axis.clientWidth };
    this.#paintSoon();
  }

  show() {
    this.runs.start();
    this.threads.start();
  }

  hide() {
    this.runs.stop();
    this.threads.stop();
  }

  sayPaused() {
    if (!this.#answer) setText(this.note, NOT_SEEN);
  }

  refilter() {
    if (this.runs.isRunning) this.#again();
  }

  /* What a loop is stuck in, and what it was stuck in, is what one wants to see. */
  watch(pulse) {
    const stuck = stuckThreads(pulse).map((thread) => thread.thread).join();
    if (stuck !== this.#stuck && this.runs.isRunning) this.#again();
    this.#stuck = stuck;
  }

  #again() {
    this.runs.now();
    this.threads.now();
  }

  #take(answer) {
    this.#answer = answer;
    this.#span = spanOf(answer, SECONDS);
    this.#lanes = lanesOf(answer, this.#span).filter((lane) => lane.kind !== "other" || lane.runs.length > 0);
    this.#draw();
  }

  #takeThreads(answer) {
    this.#details = new Map(answer.threads.map((thread) => [thread.thread, thread]));
    this.#draw();
  }

  #draw() {
    reconcile(this.body, this.#rows, this.#lanes, (lane) => lane.thread,
      (lane) => this.#create(lane), (row, lane) => this.#update(row, lane));
    this.#say();
    this.#paintSoon();
  }

  #say() {
    this.empty.hidden = this.#lanes.length > 0 || !isKnown(this.runs);
    setText(this.note, [this.#sayRuns(), seenText(this.runs, performance.now())].filter(Boolean).join(" · "));
  }

  #sayRuns() {
    if (!this.#span) return "";
    const leftOut = this.#lanes.reduce((sum, lane) => sum + lane.leftOut, 0);
    const quiet = this.#lanes.length > 0 && this.#lanes.every((lane) => lane.runs.length === 0);
    return `the last ${durationText(this.#span.spanUs)}${quiet ? ": nothing has run" : ""}${leftOut > 0 ? `, as far as is known of all and drawn of each (${count(leftOut)} earlier runs are not)` : ""}`;
  }

  #create(lane) {
    const canvas = h("canvas", { "aria-hidden": "true",
      onmousemove: (event) => this.#hover(event, row), onmouseleave: () => this.#unhover(),
      onclick: (event) => this.#click(event, row) });
    const parts = {
      name: h("button", { type: "button", class: "link", title: "Show this thread alone", onclick: () => this.#app.setFilter(new Map([...this.#app.filter, ["thread", String(lane.thread)]])) },
        h("strong", {}, lane.name)), kind: h("span", { class: "kind" }), busy: h("span", { class: "busy" }),
      gauge: h("i", { class: "gauge" }, h("b", {})), lag: h("p", { class: "lag", title: "how long a turn of the loop was busy, since it began" }), now: h("p", { class: "now" }),
      stack: h("ol", { class: "stack" }), ids: new IdsLine(this.#app),
    };
    const row = h("li", { class: "lane", "data-id": lane.thread },
      h("div", { class: "lane-name" }, h("p", {}, parts.name, " ", parts.kind), h("p", { class: "load" }, parts.gauge, parts.busy), parts.lag),
      h("div", { class: "lane-body" }, canvas, h("div", { class: "lane-detail" }, parts.now, parts.stack, parts.ids.element)));
    row.parts_ = parts;
    row.canvas_ = canvas;
    return row;
  }

  #update(row, lane) {
    const { parts_: parts } = row;
    const detail = this.#details.get(lane.thread);
    row.lane_ = lane;
    setText(parts.kind, `${lane.kind} ${lane.thread}${detail ? ` · tid ${detail.osTid}` : ""}`);
    const busy = this.#busy(lane);
    setText(parts.busy, `${Math.round(busy * 100)} % busy`);
    parts.gauge.firstChild.style.width = `${(busy * 100).toFixed(1)}%`;
    this.#lag(parts.lag, lane);
    this.#now(parts, lane);
    if (!detail) return;
    this.#stack(parts.stack, detail, this.#pulseOf(lane)?.current !== undefined);
    parts.ids.draw(detail);
  }

  /* A loop's own account of its idle time; of other threads what was seen. */
  #busy(lane) {
    const { pulse, before } = this.#app;
    const find = (from) => from?.threads.find((thread) => thread.thread === lane.thread);
    const elapsedUs = pulse && before ? pulse.uptimeUs - before.uptimeUs : 0;
    const loop = lane.kind === "loop" && find(before) ? busyOf(find(pulse) ?? {}, find(before), elapsedUs) : NaN;
    return Number.isFinite(loop) ? loop : busyOfLane(lane, this.#span);
  }

  #pulseOf(lane) {
    return this.#app.pulse?.threads.find((other) => other.thread === lane.thread);
  }

  #lag(line, lane) {
    const thread = this.#pulseOf(lane);
    line.hidden = thread?.lagMaxUs === undefined;
    if (!line.hidden) setText(line, `turns p99\u00a0${unbroken(thread.lagP99Us)}, max\u00a0${unbroken(thread.lagMaxUs)}`);
  }

  #now(parts, lane) {
    const thread = this.#pulseOf(lane);
    const current = thread?.current;
    const stuck = lane.kind === "loop" && (current?.sinceUs ?? 0) > 500000;
    setAttribute(parts.now, "class", stuck ? "now stuck" : "now");
    const text = current ? `${current.key} ${stuck} ${durationText(current.sinceUs)}` : "";
    if (parts.now.dataset.text === text || isPressed(parts.now)) return;
    parts.now.dataset.text = text;
    if (!current) return parts.now.replaceChildren("waiting");
    parts.now.replaceChildren(...[stuck ? "stuck in " : "in ",
      current.type ? typeLabel(current.type) : null, " ", link(this.#app, current.key), " ",
      current.name ? nameText(current.name) : null, current.requestId ? " for " : null,
      current.requestId ? link(this.#app, current.requestId) : null,
      ` since ${durationText(current.sinceUs)} `, current.site ? site(current.site) : null].filter((part) => part != null));
  }

  /* What was seen some time ago is nothing to show of a thread that waits now. */
  #stack(list, detail, runs) {
    const entries = detail.stack ?? [];
    list.hidden = !runs || entries.length < 2;
    const text = entries.map((entry) => entry.key).join();
    if (list.dataset.text === text || isPressed(list)) return;
    list.dataset.text = text;
    list.replaceChildren(...entries.map((entry) =>
      h("li", {}, entry.type ? typeLabel(entry.type) : null, " ", link(this.#app, entry.key))));
  }

  /* In a frame of its own, as the canvases are many. */
  #paintSoon() {
    cancelAnimationFrame(this.#painting);
    this.#painting = requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    if (!this.#span || this.#widths.lane === 0) return;
    const palette = colors();
    for (const row of this.#rows.values()) this.#paintLane(row, palette);
    this.#paintAxis();
  }

  #paintLane(row, palette) {
    const { canvas_: canvas, lane_: lane } = row;
    const width = this.#widths.lane, height = LANE;
    const context = clear(canvas, width, height);
    const x = scaleLinear([this.#span.startUs, this.#span.endUs], [0, width]);
    row.scale_ = x;
    context.fillStyle = palette.grid;
    for (const tick of x.ticks(8)) context.fillRect(Math.round(x(tick)), 0, 1, height);
    const request = this.#app.selectedRequest, selected = this.#app.selected;
    const some = request !== "" || selected !== "";
    for (const run of lane.runs) {
      const mine = run.key === selected || (request !== "" && run.requestId === request);
      const from = Math.max(0, x(run.startUs)), to = x(run.startUs + run.runUs);
      context.globalAlpha = some && !mine ? 0.35 : 1;
      context.fillStyle = palette[familyOf(run.type)];
      const top = 4 + Math.min(3, run.depth) * INNER;
      context.fillRect(from, top, Math.max(1.2, to - from), height - 8 - Math.min(3, run.depth) * INNER);
      if (mine && to - from < 4) {
        context.fillStyle = palette.accent;
        context.fillRect(from - 1, 0, 3, 3);
      }
    }
    context.globalAlpha = 1;
  }

  #paintAxis() {
    const width = this.#widths.axis;
    const { startUs, endUs } = this.#span;
    const x = scaleLinear([startUs - endUs, 0], [0, width]);
    this.axis.replaceChildren(...x.ticks(6).filter((tick) => tick < 0).map((tick) => {
      const label = h("span", {}, `−${durationText(-tick)}`);
      label.style.left = `${x(tick)}px`;
      return label;
    }), h("span", { class: "now-mark" }, "now"));
  }

  #runUnder(event, row) {
    const box = row.canvas_.getBoundingClientRect();
    const us = row.scale_.invert(event.clientX - box.left);
    const slack = row.scale_.invert(4) - row.scale_.invert(0);
    return runAt(row.lane_, us, Math.floor((event.clientY - box.top - 4) / INNER), slack);
  }

  #hover(event, row) {
    const run = row.scale_ && this.#runUnder(event, row);
    this.tip.hidden = !run;
    if (!run) return;
    this.tip.replaceChildren(typeLabel(run.type), ` ${run.key}${run.requestId ? ` for ${run.requestId}` : ""}`, h("br"),
      `${durationText(run.runUs)}, ${durationText(this.#span.endUs - run.startUs)} ago`);
    const right = event.clientX > innerWidth - 260;
    this.tip.style.left = `${event.clientX + (right ? -12 : 12)}px`;
    this.tip.style.top = `${event.clientY + 14}px`;
    this.tip.classList.toggle("left", right);
  }

  #unhover() {
    this.tip.hidden = true;
  }

  #click(event, row) {
    const run = row.scale_ && this.#runUnder(event, row);
    if (run) this.#app.select(run.requestId && this.#app.selected !== run.requestId ? run.requestId : run.key);
  }

  render() {
    for (const row of this.#rows.values()) if (row.lane_) this.#update(row, row.lane_);
    this.#say();
  }

  /* Of the selection. */
  highlight() {
    this.#paintSoon();
  }

  ids() {
    return this.#lanes.map((lane) => String(lane.thread));
  }
}
