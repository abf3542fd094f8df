/* The graph: what lives, by cause, as a drawing and as a table; which groups of it
 * are open, and when it is asked for anew. */

import { h, setAttribute, setText } from "../dom.js";
import { target } from "../data/filter.js";
import { Forest, VISIBLE_MAX } from "../data/forest.js";
import { count, siteParameter } from "../data/format.js";
import { layout } from "../data/layout.js";
import { isKnown, seenText } from "../data/seen.js";
import { Poll } from "../net/poll.js";
import { GraphCanvas } from "./graph_canvas.js";
import { GraphTable } from "./graph_table.js";
import { emptyView, NOT_SEEN, stateIcon } from "./parts.js";

const SINGLE_MAX = 60; /* up to so many are shown one by one, unasked */

export class GraphView {
  name = "graph";
  title = "Graph";
  #app;
  #open = new Map();
  #members = new Map();
  #placed = { nodes: [], rows: 0, columns: 0 };
  #changed = true;
  #many = false; /* more than can be shown one by one, by the last answer */
  #shownMs = 0;
  #isTable = false;
  mode = "auto";

  constructor(app) {
    this.#app = app;
    this.forest = new Forest();
    this.poll = new Poll(app.api, () => this.#path(), (answer) => this.#take(answer),
      (error) => this.#failed(error));
    this.#build();
  }

  #build() {
    this.canvas = new GraphCanvas({ sinceUs: (node) => this.#sinceUs(node), markOf: (node) => this.#markOf(node) },
      (node) => this.activate(node));
    this.table = new GraphTable(this.#app, (node) => this.activate(node));
    this.note = h("p", { class: "note", role: "status" });
    this.empty = emptyView("Nothing lives here.", "No live resource matches the filter.",
      "Clear the filter, or show what is asyncscope's own with internal=1.");
    this.modes = h("div", { class: "segmented", role: "group", "aria-label": "How the graph is shown" },
      [["auto", "Auto"], ["groups", "Groups"], ["single", "One by one"]].map(([mode, title]) =>
        h("button", { type: "button", "data-mode": mode, onclick: () => this.setMode(mode) }, title)));
    this.asTable = h("button", { type: "button", "aria-pressed": "false", onclick: () => this.#toggleTable() }, "Table");
    this.stage = h("div", { class: "stage", tabindex: "-1" }, this.canvas.element, this.table.element);
    this.element = h("section", { class: "graph-view" },
      h("div", { class: "toolbar" }, this.note, this.#legend(), this.modes, this.asTable,
        h("button", { type: "button", onclick: () => this.canvas.fit() }, "Fit")),
      this.stage, this.empty);
  }

  #legend() {
    return h("ul", { class: "legend" }, ["init", "queued", "running", "idle", "closing"].map((state) =>
      h("li", {}, stateIcon(state, ""), state)),
      h("li", {}, h("i", { class: "swatch line" }), "trigger"),
      h("li", {}, h("i", { class: "swatch line dashed" }), "execution"));
  }

  #toggleTable() {
    const shown = this.#isTable = this.stage.classList.toggle("as-table");
    setAttribute(this.asTable, "aria-pressed", String(shown));
    this.table.reach(shown);
  }

  setMode(mode) {
    this.mode = mode;
    this.#open.clear();
    this.#draw();
  }

  #path() {
    if (!this.#changed && performance.now() - this.poll.answeredMs < 10000) return "";
    this.#changed = false;
    const single = !this.#many && this.#live() <= VISIBLE_MAX;
    return target("/debug/graph", "resources", this.#app.filter,
      { group_by: single ? "none" : "path", limit: VISIBLE_MAX });
  }

  /* How many match as far as it is known: all, or those of the last answer. */
  #live() {
    const filtered = this.#app.filter.size > 0 && this.forest.matched > 0;
    return filtered ? this.forest.matched : this.#app.pulse?.counts.live ?? 0;
  }

  show() {
    this.#changed = true;
    this.poll.start();
  }

  hide() {
    this.poll.stop();
  }

  refilter() {
    this.#changed = true;
    this.#many = false;
    this.forest.clear();
    this.forest.matched = 0;
    this.#open.clear();
    this.#members.clear();
    this.canvas.isMoved = false;
    if (this.poll.isRunning) this.poll.now();
  }

  /* A delta, or a snapshot in place of it. */
  changed(delta) {
    this.#changed = true;
    if (delta) this.forest.markEnded(delta.destroyed, performance.now());
  }

  #take(answer) {
    const first = this.canvas.isEmpty;
    this.#shownMs = performance.now();
    this.forest.take(answer, this.#shownMs);
    const { grouped, matched, truncated } = this.forest;
    this.#many = grouped ? matched > VISIBLE_MAX : truncated;
    if (this.#many && !grouped) return this.#again();
    if (this.forest.grouped) for (const path of this.#members.keys()) this.#load(path);
    this.#draw();
    if (first && !this.canvas.isMoved) this.canvas.fit();
  }

  #failed(error) {
    this.#changed = true;
    this.#app.problem(error);
  }

  /* In groups, and at once: how long to wait was for more of the same. */
  #again() {
    this.#changed = true;
    this.poll.now();
  }

  #isOpen = (path, number) => {
    if (this.#open.has(path)) return this.#open.get(path);
    if (this.forest.grouped) return false;
    if (this.mode === "single") return true;
    return this.mode === "auto" && this.forest.size <= SINGLE_MAX && number > 1;
  };

  #draw() {
    const { root, shown, cut } = this.forest.visible(this.#isOpen, this.#members);
    this.#placed = layout(root);
    this.canvas.draw(this.#placed, this.forest.execution);
    this.table.draw(this.#placed.nodes);
    for (const button of this.modes.children)
      setAttribute(button, "aria-pressed", String(button.dataset.mode === this.mode));
    this.#say(shown, cut);
  }

  #say(shown, cut) {
    const { matched, grouped, truncated } = this.forest;
    const any = this.#placed.nodes.length > 0;
    this.stage.hidden = !any;
    const cutText = cut > 0 ? `showing ${shown} nodes; ${count(cut)} resources more: narrow by type=, site= or older_than=`
      : grouped && truncated ? `showing ${shown} groups of ${count(matched)} live resources, there are more: narrow by type=, site= or older_than=`
        : grouped ? `${count(matched)} live resources in ${shown} groups by path of causes`
          : `${count(matched)} live resources`;
    this.#saying = any ? cutText : "";
    this.#sayAge();
  }

  #saying = "";

  sayPaused() {
    if (this.poll.answeredMs === 0) setText(this.note, NOT_SEEN);
  }

  /* How old it is, where the next answer is not near. */
  #sayAge() {
    this.empty.hidden = !this.stage.hidden || !isKnown(this.poll);
    const age = this.#saying || this.poll.problem ? seenText(this.poll, performance.now()) : "";
    setText(this.note, [this.#saying, age].filter(Boolean).join(" · "));
  }

  /* Ages go on between two answers, to the end. */
  #sinceUs(node) {
    if (node.ended) return 0;
    return Math.max(0, (node.item?.endedMs ?? performance.now()) - this.#shownMs) * 1000;
  }

  #markOf(node) {
    return this.#isSelected(node) ? "selected" : this.#isRelated(node) ? "related" : "";
  }

  #isSelected(node) {
    return node.kind === "resource" && node.id === this.#app.selected ||
      (node.keys?.includes(this.#app.selected) ?? false);
  }

  #isRelated(node) {
    const request = this.#app.selectedRequest;
    return request !== "" && (node.kind === "resource" ? node.item.requestId === request
      : node.requests?.has(request) ?? false);
  }

  /* A group opens in place, a resource is selected. */
  activate(node) {
    if (node.kind === "resource") this.#app.select(node.id);
    else if (node.kind === "group") this.#toggle(node);
    else this.#app.setFilter(new Map([...this.#app.filter, ...filterOfGroup(this.#nodeById(node.of) ?? node)]));
  }

  #nodeById(id) {
    return this.#placed.nodes.find((place) => place.id === id)?.node;
  }

  #toggle(node) {
    const open = !this.#isOpen(node.id, node.count);
    this.#open.set(node.id, open);
    if (!open) this.#members.delete(node.id);
    else if (this.forest.grouped) this.#load(node.id, node);
    this.#draw();
  }

  /* Of a group of the server the oldest are loaded. */
  async #load(path, node = this.#nodeById(path)) {
    if (!node) return this.#members.delete(path);
    try {
      const { answer } = await this.#app.api.json(target("/debug/resources", "resources",
        new Map([...this.#app.filter, ...filterOfGroup(node)]), { sort: "-age", limit: 20 }));
      const laterUs = (performance.now() - this.#shownMs) * 1000;
      this.#members.set(path, answer.resources.map((one) => ({ ...one, ageUs: one.ageUs - laterUs })));
      this.#draw();
    } catch (error) {
      this.#app.problem(error);
    }
  }

  render(nowMs) {
    if (this.forest.expire(nowMs)) this.#draw();
    else this.canvas.update();
    this.#sayAge();
  }

  ids() {
    return this.#placed.nodes.map((place) => place.id);
  }

  /* Enter on the node where the keys are. */
  open(id) {
    const node = this.#nodeById(id);
    if (node) this.activate(node);
  }

  /* Where the keys are the focus is, too: what had it would take Enter. */
  mark(id) {
    if (this.#isTable) return this.table.focus(id);
    this.stage.focus({ preventScroll: true });
    this.canvas.mark(id);
  }

  unmark() {
    this.canvas.mark("");
  }
}

function filterOfGroup(node) {
  const filter = new Map();
  if (node.type) filter.set("type", node.type);
  if (node.site) filter.set("site", siteParameter(node.site));
  return filter;
}
