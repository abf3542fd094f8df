/* The graph: layered trees of causes that can be moved and zoomed, and the same
 * as a table. */

import { linkHorizontal } from "d3-shape";
import { select } from "d3-selection";
import { zoom, zoomIdentity, zoomTransform } from "d3-zoom";
import { h, reconcile, s, setAttribute, setText } from "../dom.js";
import { target } from "../data/filter.js";
import { Forest, stateOf, VISIBLE_MAX } from "../data/forest.js";
import { count, cutText, durationText, groupCount, siteParameter, siteShort, widthOf } from "../data/format.js";
import { COLUMN, layout, ROW } from "../data/layout.js";
import { familyOf } from "../data/palette.js";
import { Poll } from "../net/poll.js";
import { empty, NOT_SEEN, stateIcon, stateMark } from "./parts.js";
import { GraphTable } from "./graph_table.js";

const WIDTH = COLUMN - 48;
const HEIGHT = ROW - 8;
const LEFT = 30, RIGHT = 10, GAP = 8; /* of the texts, pixels */
const SMALL = 0.86; /* letters, as a part of the title's */
const SINGLE_MAX = 60; /* up to so many are shown one by one, unasked */
const curve = linkHorizontal().x((point) => point[0]).y((point) => point[1]);

export class GraphView {
  name = "graph";
  title = "Graph";
  #app;
  #open = new Map();
  #members = new Map();
  #nodes = new Map();
  #links = new Map();
  #placed = { nodes: [], rows: 0, columns: 0 };
  #moved = false;
  #changed = true;
  #many = false; /* more than can be shown one by one, by the last answer */
  #shownMs = 0;
  mode = "auto";

  constructor(app) {
    this.#app = app;
    this.forest = new Forest();
    this.poll = new Poll(app.api, () => this.#path(), (answer) => this.#take(answer),
      (error) => app.problem(error));
    this.#build();
  }

  #build() {
    this.lines = s("g", { class: "lines" });
    this.dots = s("g", { class: "nodes" });
    this.plane = s("g", {}, this.lines, this.dots);
    this.svg = s("svg", { class: "graph", "aria-hidden": "true" }, this.plane);
    this.zoom = zoom().scaleExtent([0.15, 2]).on("zoom", () => {
      const { x, y, k } = zoomTransform(this.svg);
      this.plane.setAttribute("transform", `translate(${x},${y}) scale(${k})`);
    });
    this.zoom.on("start.user", () => { this.#moved = true; });
    select(this.svg).call(this.zoom).on("dblclick.zoom", null);
    this.table = new GraphTable(this.#app, (node) => this.activate(node));
    this.note = h("p", { class: "note", role: "status" });
    this.empty = empty("Nothing lives here.", "No live resource matches the filter.",
      "Clear the filter, or show what is asyncscope's own with internal=1.");
    this.modes = h("div", { class: "segmented", role: "group", "aria-label": "How the graph is shown" },
      [["auto", "Auto"], ["groups", "Groups"], ["single", "One by one"]].map(([mode, title]) =>
        h("button", { type: "button", "data-mode": mode, onclick: () => this.setMode(mode) }, title)));
    this.asTable = h("button", { type: "button", "aria-pressed": "false", onclick: () => this.#toggleTable() }, "Table");
    this.stage = h("div", { class: "stage" }, this.svg, this.table.element);
    this.element = h("section", { class: "graph-view" },
      h("div", { class: "toolbar" }, this.note, this.#legend(), this.modes, this.asTable,
        h("button", { type: "button", onclick: () => this.fit() }, "Fit")),
      this.stage, this.empty);
  }

  #legend() {
    return h("ul", { class: "legend" }, ["init", "queued", "running", "idle", "closing"].map((state) =>
      h("li", {}, stateIcon(state, ""), state)),
      h("li", {}, h("i", { class: "swatch line" }), "trigger"),
      h("li", {}, h("i", { class: "swatch line dashed" }), "execution"));
  }

  #toggleTable() {
    const shown = this.stage.classList.toggle("as-table");
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
    this.#moved = false;
    if (this.poll.isRunning) this.poll.now();
  }

  /* A delta, or a snapshot in place of it. */
  changed(delta) {
    this.#changed = true;
    if (delta) this.forest.markEnded(delta.destroyed, performance.now());
  }

  #take(answer) {
    const first = this.#nodes.size === 0;
    this.#shownMs = performance.now();
    this.forest.take(answer, this.#shownMs);
    const { grouped, matched, truncated } = this.forest;
    this.#many = grouped ? matched > VISIBLE_MAX : truncated;
    if (this.#many && !grouped) return this.#again();
    if (this.forest.grouped) for (const path of this.#members.keys()) this.#load(path);
    this.#draw();
    if (first && !this.#moved) this.fit();
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
    this.#drawNodes();
    this.#drawLinks();
    this.table.draw(this.#placed.nodes);
    for (const button of this.modes.children)
      setAttribute(button, "aria-pressed", String(button.dataset.mode === this.mode));
    this.#say(shown, cut);
  }

  #say(shown, cut) {
    const { matched, grouped, truncated } = this.forest;
    const any = this.#placed.nodes.length > 0;
    this.stage.hidden = !any;
    this.empty.hidden = any || this.poll.answeredMs === 0;
    const cutText = cut > 0 ? `showing ${shown} nodes; ${count(cut)} resources more: narrow by type=, site= or older_than=`
      : grouped && truncated ? `showing ${shown} groups of ${count(matched)} live resources, there are more: narrow by type=, site= or older_than=`
        : grouped ? `${count(matched)} live resources in ${shown} groups by path of causes`
          : `${count(matched)} live resources`;
    this.#saying = any ? cutText : "";
    this.#sayAge();
  }

  #saying = "";
  #cursor = ""; /* where the keys are */

  sayPaused() {
    if (this.poll.answeredMs === 0) setText(this.note, NOT_SEEN);
  }

  /* How old it is, where the next answer is not near. */
  #sayAge() {
    const { everyMs } = this.poll;
    const age = Math.round((performance.now() - this.#shownMs) / 1000);
    const left = Math.round(everyMs / 1000 - age);
    setText(this.note, this.#saying && everyMs > 2000
      ? `${this.#saying} · seen ${age} s ago${left > 0 ? `, next in ${left} s` : ""}` : this.#saying);
  }

  /* Ages go on between two answers, to the end. */
  #sinceUs(node) {
    if (node.ended) return 0;
    return Math.max(0, (node.item?.endedMs ?? performance.now()) - this.#shownMs) * 1000;
  }

  #drawNodes() {
    reconcile(this.dots, this.#nodes, this.#placed.nodes, (place) => place.id,
      (place) => this.#create(place), (element, place) => this.#update(element, place));
  }

  #create({ id, x, y }) {
    const element = s("g", { class: "node entering", "data-id": id },
      s("rect", { class: "card", width: WIDTH, height: HEIGHT, rx: 7 }),
      s("g", { class: "marks", transform: `translate(15,${HEIGHT / 2})` }),
      s("text", { class: "title", x: LEFT, y: 13.5 }),
      s("text", { class: "sub", x: LEFT, y: 26 }),
      s("text", { class: "badge", x: WIDTH - RIGHT, y: 13.5, "text-anchor": "end" }),
      s("text", { class: "age", x: WIDTH - RIGHT, y: 26, "text-anchor": "end" }),
      s("title", {}));
    element.style.transform = `translate(${x}px,${y}px)`;
    element.addEventListener("click", () => this.activate(element.place_.node));
    requestAnimationFrame(() => element.classList.remove("entering"));
    return element;
  }

  #update(element, place) {
    const { node } = place;
    const [card, marks, title, sub, badge, age, tip] = element.children;
    element.place_ = place;
    element.style.transform = `translate(${place.x}px,${place.y}px)`;
    const face = faceOf(node, this.#sinceUs(node));
    setAttribute(element, "class", `node ${node.kind} ${face.state}${face.ended ? " ended" : ""}${this.#isSelected(node) ? " selected" : this.#isRelated(node) ? " related" : ""}${node.open ? " open" : ""}${place.id === this.#cursor ? " cursor" : ""}`);
    const look = `${face.family} ${face.state} ${node.kind}`;
    if (marks.dataset.look !== look) {
      marks.dataset.look = look;
      marks.replaceChildren(...(node.kind === "group"
        ? [stateMark("closing", face.family, "stack3"), stateMark("closing", face.family, "stack2")] : []),
        stateMark(face.state, face.family));
    }
    setAttribute(card, "class", `card`);
    setText(title, cutText(face.title, besides(face.badge, node.kind === "group" ? 1 : SMALL)));
    setText(sub, cutText(face.sub, besides(face.age, SMALL) / SMALL));
    setText(badge, face.badge);
    setText(age, face.age);
    setText(tip, `${face.title}\n${face.sub}`);
  }

  #drawLinks() {
    const places = new Map(this.#placed.nodes.map((place) => [place.id, place]));
    const paths = [];
    for (const place of this.#placed.nodes) {
      const from = places.get(place.parent);
      if (from) paths.push({ id: `t ${place.id}`, kind: "trigger", from, to: place });
    }
    const owner = this.#owners();
    for (const edge of this.forest.execution) {
      const from = places.get(owner.get(edge.source)), to = places.get(owner.get(edge.target));
      if (from && to && from !== to)
        paths.push({ id: `x ${from.id} ${to.id}`, kind: "execution", from, to });
    }
    const once = new Map(paths.map((path) => [path.id, path]));
    reconcile(this.lines, this.#links, once.values(), (path) => path.id,
      (path) => s("path", { class: `edge ${path.kind}` }),
      (element, { from, to }) => setAttribute(element, "d", curve({
        source: [from.x + WIDTH, from.y + HEIGHT / 2], target: [to.x, to.y + HEIGHT / 2] })));
  }

  /* Which shown node stands for a resource. */
  #owners() {
    const owners = new Map();
    for (const { id, node } of this.#placed.nodes) {
      if (node.kind === "resource") owners.set(id, id);
      for (const key of node.keys ?? []) owners.set(key, id);
    }
    return owners;
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
    else for (const element of this.#nodes.values()) this.#update(element, element.place_);
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

  mark(id) {
    this.#cursor = id;
    for (const [key, element] of this.#nodes) element.classList.toggle("cursor", key === id);
    const place = this.#placed.nodes.find((other) => other.id === id);
    if (place) this.#reveal(place);
  }

  #reveal(place) {
    const { width, height } = this.svg.getBoundingClientRect();
    const { x, y, k } = zoomTransform(this.svg);
    const left = place.x * k + x, top = place.y * k + y;
    if (left >= 0 && top >= 0 && left + WIDTH * k <= width && top + HEIGHT * k <= height) return;
    this.#moveTo(zoomIdentity.translate(24 - place.x * k, height / 2 - place.y * k).scale(k));
  }

  #moveTo(transform) {
    select(this.svg).call(this.zoom.transform, transform);
  }

  /* All of it where that can be read; else its beginning. */
  fit() {
    const { width, height } = this.svg.getBoundingClientRect();
    if (width === 0) return;
    const { rows, columns } = this.#placed;
    const k = Math.max(0.8, Math.min(1, (width - 40) / (columns * COLUMN), (height - 40) / (rows * ROW)));
    const spare = (height - rows * ROW * k) / 2;
    this.#moveTo(zoomIdentity.translate(20, Math.max(20, Math.min(spare, 48))).scale(k));
    this.#moved = false;
  }
}

/* Pixels that another text leaves on its line. */
function besides(text, size) {
  return WIDTH - LEFT - RIGHT - (text ? widthOf(text) * size + GAP : 0);
}

/* What a node shows, so long after it was told. What was young then may have
 * ended since: its age goes on for as long again, not longer. */
export function faceOf(node, sinceUs = 0) {
  const age = (us) => (us === undefined ? "" : durationText(us + Math.min(us, sinceUs)));
  if (node.kind === "more")
    return { title: `${count(node.count)} more`, sub: "narrow the filter to these", badge: "", age: "", state: "idle", family: "none" };
  if (node.kind === "group") {
    const states = Object.entries(node.states ?? {}).sort((a, b) => b[1] - a[1]);
    return {
      title: node.type ?? "unknown", sub: siteShort(node.site), badge: node.gone ? "gone" : groupCount(node),
      age: node.gone ? "" : age(node.oldestUs), state: node.gone ? "destroyed" : states[0]?.[0] ?? "idle",
      family: familyOf(node.type), ended: node.gone || node.ended,
    };
  }
  const { item } = node;
  const state = stateOf(item);
  return {
    title: item.name || item.type || "unknown", sub: item.name ? `${item.id} ${siteShort(item.site)}` : `${item.id} ${siteShort(item.site)}`,
    badge: item.gone ? "gone" : item.endedMs !== undefined ? "ended" : state,
    age: item.gone ? "" : age(item.ageUs), state, family: familyOf(item.type), ended: state === "destroyed",
  };
}

function filterOfGroup(node) {
  const filter = new Map();
  if (node.type) filter.set("type", node.type);
  if (node.site) filter.set("site", siteParameter(node.site));
  return filter;
}
