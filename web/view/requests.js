/* The table of requests. */

import { h, reconcile, setAttribute, setText } from "../dom.js";
import { bytes, count, durationText } from "../data/format.js";
import { ageUs, shares } from "../data/requests.js";
import { barLegend, empty, time, timeBar, updateTimeBar } from "./parts.js";

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

  constructor(app) {
    this.#app = app;
    this.#heads = COLUMNS.map((column) => this.#head(column));
    this.body = h("tbody", {});
    this.note = h("p", { class: "note", role: "status" });
    this.empty = empty("No requests.",
      "In flight they show here at once, and those that end stay grey for six seconds.",
      "Ask the program for something: curl it, open it in another tab.");
    this.table = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Requests" },
      h("table", { class: "requests" }, h("thead", {}, h("tr", {}, this.#heads)), this.body));
    this.element = h("section", {}, h("div", { class: "toolbar" }, this.note, barLegend()),
      this.table, this.empty);
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
    this.render(performance.now());
  }

  show() {}
  hide() {}

  /* In the order in which j and k go. */
  ids() {
    return [...this.body.children].map((row) => row.dataset.id);
  }

  render(nowMs) {
    const rows = this.#app.requests.rows(this.#sort, nowMs);
    reconcile(this.body, this.#rows, rows, (row) => row.requestId,
      (row) => this.#create(row), (element, row) => this.#update(element, row, nowMs));
    this.table.hidden = rows.length === 0;
    this.empty.hidden = rows.length > 0;
    this.#say(rows);
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
    cells.name.title = row.name ?? "";
    setText(cells.status, ended ? `${row.error ?? row.status ?? "ended"}${row.retained ? ", retained" : ""}` : "in flight");
    this.#time(cells.time, us);
    updateTimeBar(cells.bar, shares({ ...row, durationUs: us }));
    this.#time(cells.loop, row.cost.loopUs);
    this.#time(cells.queue, row.cost.queueUs);
    this.#time(cells.worker, row.cost.workerUs);
    setText(cells.resources, row.live === undefined ? count(row.cost.resources)
      : `${count(row.live)} / ${count(row.cost.resources)}`);
    cells.resources.title = row.live === undefined ? "made" : "live / made";
    setText(cells.bytes, bytes(row.cost.bytesOut));
  }

  #time(cell, us) {
    const text = durationText(us);
    if (cell.dataset.text === text) return;
    cell.dataset.text = text;
    cell.replaceChildren(time(us));
  }
}
