/* The table of requests. */

import { h, isPressed, reconcile, setAttribute, setText } from "../dom.js";
import { bytes, count, durationText } from "../data/format.js";
import { ageUs, shares } from "../data/requests.js";
import { windowOf } from "../data/window.js";
import { barLegend, emptyView, time, timeBar, updateTimeBar } from "./parts.js";

const ROW_PX = 28; /* until one has been laid out */

const COLUMNS = [
  ["request", "Request"],
  ["name", "Name"],
  ["status", "Status"],
  ["time", "Time", "number"],
  ["", "Where the time went"],
  ["loop", "Loop", "number wide"],
  ["queue", "Queue", "number wide"],
  ["worker", "Worker", "number wide"],
  ["resources", "Resources", "number"],
  ["bytes", "Sent", "number wide"],
];

export class RequestsView {
  name = "requests";
  title = "Requests";
  #app;
  #rows = new Map();
  #sort = { by: "", descending: true };
  #ids = [];
  #rowPx = ROW_PX;
  #seen = { scrollTop: 0, clientHeight: 0 };
  #shownMs = 0;

  constructor(app) {
    this.#app = app;
    this.#heads = COLUMNS.map((column) => this.#head(column));
    this.body = h("tbody", {});
    this.note = h("p", { class: "note", role: "status" });
    this.empty = emptyView("No requests.",
      "In flight they show here at once, and those that end stay grey for six seconds.",
      "Ask the program for something: curl it, open it in another tab.");
    this.table = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Requests", onscroll: () => this.#scrolled() },
      this.grid = h("table", { class: "requests" }, h("thead", {}, h("tr", {}, this.#heads)), this.body));
    this.element = h("section", {}, h("div", { class: "toolbar" }, this.note, barLegend()),
      this.table, this.empty);
    new ResizeObserver(() => this.#measure()).observe(this.table);
  }

  #heads;

  #head([by, title, kind]) {
    if (!by) return h("th", { scope: "col", class: kind }, title);
    return h("th", { scope: "col", class: kind, "data-by": by },
      h("button", { type: "button", onclick: () => this.#sortBy(by) }, title));
  }

  #sortBy(by) {
    const again = this.#sort.by === by;
    if (again && !this.#sort.descending) this.#sort = { by: "", descending: true };
    else this.#sort = { by, descending: !again };
    for (const head of this.#heads)
      setAttribute(head, "aria-sort", head.dataset.by !== this.#sort.by || !this.#sort.by ? null
        : this.#sort.descending ? "descending" : "ascending");
    this.#again();
  }

  /* Of what is paused nothing changes but which part is seen. */
  #again() {
    this.render(this.#app.paused ? this.#shownMs : performance.now());
  }

  #scrolled() {
    this.#seen.scrollTop = this.table.scrollTop;
    this.#again();
  }

  /* When it is laid out anyway: to ask while it is drawn would have it laid out
   * for the answer. */
  #measure() {
    this.#seen = { scrollTop: this.table.scrollTop, clientHeight: this.table.clientHeight };
    this.#rowPx = this.body.querySelector("tr[data-id]")?.offsetHeight || this.#rowPx;
    requestAnimationFrame(() => this.#again());
  }

  show() {}
  hide() {}

  /* In the order in which j and k go. */
  ids() {
    return this.#ids;
  }

  /* Where the keys are. */
  mark(id) {
    const top = this.#ids.indexOf(id) * this.#rowPx;
    const { scrollTop, clientHeight } = this.#seen;
    if (top < scrollTop) this.table.scrollTop = top;
    else if (top + 2 * this.#rowPx > scrollTop + clientHeight) this.table.scrollTop = top + 3 * this.#rowPx - clientHeight;
    this.#scrolled();
    this.body.querySelector(`[data-id="${CSS.escape(id)}"] button`)?.focus();
  }

  render(nowMs) {
    this.#shownMs = nowMs;
    const rows = this.#app.requests.rows(this.#sort, nowMs);
    this.#ids = rows.map((row) => row.requestId);
    this.#draw(rows, nowMs);
    this.table.hidden = rows.length === 0;
    this.empty.hidden = rows.length > 0 || !this.#app.requests.isKnown || !this.#app.isConnected;
    this.#say(rows);
  }

  /* The rows that can be seen, and room for the others: an answer to a key must
   * not wait for hundreds of them. */
  #draw(rows, nowMs) {
    const { first, end } = windowOf(rows.length, this.#rowPx, this.#seen);
    const room = (requestId, count) => (count > 0 ? [{ requestId, room: count * this.#rowPx }] : []);
    reconcile(this.body, this.#rows, [...room("above", first), ...rows.slice(first, end), ...room("below", rows.length - end)],
      (row) => row.requestId, (row) => (row.room ? h("tr", { class: "room", "aria-hidden": "true" }, h("td", { colspan: COLUMNS.length })) : this.#create(row)),
      (element, row) => (row.room ? setAttribute(element.firstChild, "height", row.room) : this.#update(element, row, nowMs)));
    setAttribute(this.grid, "aria-rowcount", rows.length + 1);
    let index = first + 2;
    for (const element of this.body.children)
      if (element.dataset.id) setAttribute(element, "aria-rowindex", index++);
  }

  #say(rows) {
    const { pulse } = this.#app;
    if (!pulse) return setText(this.note, "");
    const active = rows.filter((row) => row.state === "active").length;
    const all = pulse.requestCounts.active;
    const shown = all > pulse.requests.length
      ? `showing ${active} of ${count(all)} in flight, narrow by request=, thread= or older_than=`
      : `${active} in flight`;
    setText(this.note, `${shown} · ${count(pulse.requestCounts.finished)} ended, ${count(pulse.requestCounts.failed)} of them failed`);
  }

  #create(row) {
    const cells = {};
    const cell = (name, kind, ...children) => (cells[name] = h("td", { class: kind }, ...children));
    const element = h("tr", { "data-id": row.requestId, onclick: () => this.#app.select(row.requestId) },
      h("th", { scope: "row" },
        h("button", { type: "button", class: "link", "data-select": row.requestId }, row.requestId)),
      cell("name", "name"), cell("status", "status"), cell("time", "number"),
      h("td", { class: "bar-cell" }, (cells.bar = timeBar(shares(row)))),
      cell("loop", "number wide"), cell("queue", "number wide"), cell("worker", "number wide"),
      cell("resources", "number"), cell("bytes", "number wide"));
    element.cells_ = cells;
    return element;
  }

  #update(element, row, nowMs) {
    const cells = element.cells_;
    const us = ageUs(row, nowMs);
    const ended = row.state !== "active";
    setAttribute(element, "class", `${ended ? "ended" : "active"}${row.failed ? " failed" : ""}`);
    setAttribute(element, "aria-selected", row.requestId === this.#app.selectedRequest ? "true" : null);
    setText(cells.name, row.name ?? "");
    setAttribute(cells.name, "title", row.name ?? "");
    setText(cells.status, ended ? `${row.error ?? row.status ?? "ended"}${row.retained ? ", retained" : ""}` : "in flight");
    this.#time(cells.time, us);
    updateTimeBar(cells.bar, shares({ ...row, durationUs: us }));
    this.#time(cells.loop, row.cost.loopUs);
    this.#time(cells.queue, row.cost.queueUs);
    this.#time(cells.worker, row.cost.workerUs);
    setText(cells.resources, row.live === undefined ? count(row.cost.resources)
      : `${count(row.live)} / ${count(row.cost.resources)}`);
    setAttribute(cells.resources, "title", row.live === undefined ? "made" : "live / made");
    setText(cells.bytes, bytes(row.cost.bytesOut));
  }

  #time(cell, us) {
    const text = durationText(us);
    if (cell.dataset.text === text || isPressed(cell)) return;
    cell.dataset.text = text;
    cell.replaceChildren(time(us));
  }
}
