/* The page: what is selected, filtered and paused, and who is told of it. */

import { h } from "./dom.js";
import { formatFragment, parseFragment, selectionKind } from "./data/address.js";
import { SELDOM } from "./data/duty.js";
import { filterOfQuery, filterQuery, filterText, streamQuery, target } from "./data/filter.js";
import { RequestTable } from "./data/requests.js";
import { History } from "./data/series.js";
import { Api } from "./net/api.js";
import { EventStream } from "./net/stream.js";
import { ChartsView } from "./view/charts.js";
import { DetailView } from "./view/detail.js";
import { FilterBar } from "./view/filter_bar.js";
import { GraphView } from "./view/graph.js";
import { HeadView } from "./view/head.js";
import { KeysHelp, listenToKeys } from "./view/keys.js";
import { menu } from "./view/menu.js";
import { RequestsView } from "./view/requests.js";
import { Tabs } from "./view/tabs.js";
import { ThreadsView } from "./view/threads.js";
import { tokenForm } from "./view/token.js";
import { WarningsView } from "./view/warnings.js";
import { Poll } from "./net/poll.js";

const TICK_MS = 500;
const DROPPED_MS = 10000; /* so long it is said */
const HISTORY_MS = 5000; /* it is asked for no oftener */

export class App {
  api = new Api();
  requests = new RequestTable();
  history = new History();
  filter = new Map();
  selected = "";
  selectedRequest = "";
  view = "requests";
  paused = false;
  process = null;
  pulse = null;
  before = null;
  warnings = [];
  #connection = "connecting";
  #refusal = "";
  #program = "";
  #address = "";
  #lastMs = performance.now();
  #droppedMs = -Infinity;
  #tick = 0;
  #cursor = "";

  constructor() {
    this.stream = new EventStream(this.api, {
      onEvent: (event, data, program) => this.#onEvent(event, data, program),
      onState: (state, why) => this.#onState(state, why),
      onProblem: (error) => this.problem(error),
    });
    this.lives = new Poll(this.api, () => this.#livePath(), (answer) => this.requests.takeLive(answer.requests), () => {}, SELDOM);
    this.views = [new RequestsView(this), new GraphView(this), new ThreadsView(this), new ChartsView(this)];
    this.#build();
    this.#read();
    for (const event of ["popstate", "hashchange"]) addEventListener(event, () => this.#reread());
    document.addEventListener("visibilitychange", () => this.#wake());
    listenToKeys(this);
  }

  #build() {
    this.head = new HeadView(this, menu(this));
    this.warningsView = new WarningsView(this);
    this.filterBar = new FilterBar(this);
    this.tabs = new Tabs(this, this.views);
    this.detail = new DetailView(this);
    this.token = tokenForm(this);
    this.main = h("main", {}, this.warningsView.element,
      h("div", { class: "controls" }, this.tabs.element, this.filterBar.element),
      h("div", { class: "columns" }, h("div", { class: "views" }, this.views.map((view) => view.element)), this.detail.element));
    this.help = new KeysHelp();
    this.foot = h("footer", {}, this.help.elements, h("span", { class: "spacer" }),
      h("a", { href: "/debug/tree" }, "as text"), " ", h("a", { href: "/debug/schema.json" }, "schema"));
    document.body.append(this.head.element, this.main, this.token.element, this.foot);
    this.token.element.hidden = true;
  }

  /* A step in the history is told twice where it changes the fragment. */
  #reread() {
    if (location.href !== this.#address) this.#read();
  }

  /* From the address: also when it is another one. */
  #read() {
    const { view, selected, token } = parseFragment(location.hash);
    if (token) this.#takeToken(token);
    const chosen = selected !== this.selected;
    this.#go({ view, selected, filter: filterOfQuery(location.search) }, true, chosen);
  }

  /* To another view, selection and filter: one step in the history. */
  go(place) {
    this.#go(place, false, true);
  }

  #go({ view, selected, filter }, replace, asks) {
    const other = filterText(filter) !== filterText(this.filter);
    this.view = view;
    this.filter = filter;
    this.#choose(selected);
    this.#write(replace);
    if (asks) this.#showChosen();
    this.#show(view);
    this.filterBar.draw();
    if (other) this.#restart();
    else this.#wake();
  }

  #write(replace = false) {
    const query = filterQuery(this.filter);
    const address = location.pathname + (query && `?${query}`) + formatFragment(this);
    if (address !== location.pathname + location.search + location.hash)
      history[replace ? "replaceState" : "pushState"](null, "", address);
    this.#address = location.href;
  }

  /* The address first: to note it the browser lays out what is there, which
   * costs nothing before there is anything new. */
  setView(name) {
    this.view = name;
    this.#write();
    this.#show(name);
  }

  /* At first as it was left: what has changed in it comes a frame later. The tabs
   * before the views: to take the focus from one the browser lays out the page. */
  #show(name) {
    this.view = name;
    this.#cursor = "";
    this.tabs.draw(name);
    this.help.draw(this.current);
    for (const view of this.views) {
      const shown = view.name === name;
      view.element.hidden = !shown;
      view.unmark?.();
      if (shown && this.#runs) view.show();
      else view.hide();
      if (shown && this.paused) view.sayPaused?.();
    }
    if (this.#runs && name === "requests") this.lives.start();
    else this.lives.stop();
    requestAnimationFrame(() => this.render());
  }

  get current() {
    return this.views.find((view) => view.name === this.view);
  }

  setFilter(filter) {
    this.filter = filter;
    this.#write();
    this.filterBar.draw();
    this.#restart();
  }

  /* Another filter is another question. What is asked anew goes on: of what was
   * paused nothing could be shown. */
  #restart() {
    this.paused = false;
    this.requests.clear();
    for (const view of this.views) view.refilter?.();
    this.#wake();
    this.render();
  }

  /* What the API answers to what is shown: to look at it without the page. */
  path() {
    const paths = {
      requests: () => target("/debug/requests", "requests", this.filter),
      graph: () => target("/debug/resources", "resources", this.filter),
      threads: () => target("/debug/threads", "threads", this.filter),
      charts: () => "/metrics",
    };
    return this.filter.size > 0 && this.view !== "threads" && this.view !== "requests"
      ? target("/debug/resources", "resources", this.filter) : paths[this.view]();
  }

  #livePath() {
    return this.pulse?.requestCounts.active > 0 ? target("/debug/requests", "requests", this.filter, { limit: 200, fields: "requestId,live" }) : "";
  }

  /* As in setView(). */
  select(id) {
    this.#choose(id);
    this.#write();
    this.#showChosen();
    this.render();
  }

  #choose(id) {
    if (id !== this.selected || id === "") this.selectedRequest = "";
    this.selected = id;
    if (selectionKind(id) === "request") this.selectedRequest = id;
  }

  #showChosen() {
    this.detail.show(this.selected);
    for (const view of this.views) view.highlight?.();
  }

  /* The request of the selected resource. */
  relate(requestId) {
    if (this.selectedRequest === requestId) return;
    this.selectedRequest = requestId;
    for (const view of this.views) view.highlight?.();
    this.render();
  }

  /* -- What runs when ---------------------------------------------------- */

  get #runs() {
    return !this.paused && !document.hidden && this.#connection !== "locked";
  }

  togglePause() {
    this.paused = !this.paused;
    this.#wake();
    this.render();
  }

  #streamPath = "";

  #wake() {
    clearInterval(this.#tick);
    if (!this.#runs) {
      this.stream.close();
      this.#streamPath = "";
      this.warningsView.poll.stop();
      this.lives.stop();
      for (const view of this.views) view.hide();
      return;
    }
    const path = target("/debug/events", "resources", this.filter, streamQuery(this.filter));
    if (path !== this.#streamPath) this.stream.open(path);
    this.#streamPath = path;
    this.warningsView.poll.start();
    this.current.show();
    if (this.view === "requests") this.lives.start();
    this.#tick = setInterval(() => this.render(), TICK_MS);
  }

  #onState(state, why = "") {
    this.#connection = state;
    this.#refusal = why;
    if (state === "open") {
      this.#lastMs = performance.now();
      this.token.element.hidden = true;
      this.main.hidden = false;
      this.#askHistory();
    }
    if (state === "locked") this.#lock();
    this.render();
  }

  #lock() {
    this.main.hidden = true;
    this.token.element.hidden = false;
    this.token.say(this.api.token ? "It is not the right one." : "");
    this.token.focus();
    this.#wake();
  }

  /* A stream that is open has the one before. */
  #takeToken(token) {
    this.api.setToken(token);
    this.#connection = "connecting";
    this.#streamPath = "";
  }

  useToken(token) {
    this.#takeToken(token);
    this.paused = false;
    this.#wake();
  }

  #onEvent(event, data, program) {
    this.#lastMs = performance.now();
    if (event === "snapshot") this.#onSnapshot(data, program);
    else if (event === "pulse") this.#onPulse(data);
    else if (event === "delta") this.views[1].changed(data);
    this.render();
  }

  /* Of a program that was started anew nothing is known yet. Its pid says nothing
   * of that: in a container it is the same each time. */
  #onSnapshot(data, program) {
    if (this.process && this.#program !== program) {
      this.requests.clear();
      this.history = new History();
      this.pulse = this.before = null;
      this.#askedMs = -Infinity;
    }
    this.process = data.process;
    this.#program = program;
    this.views[1].changed(null);
    this.warnings = data.warnings;
    this.warningsView.draw();
  }

  #onPulse(pulse) {
    this.before = this.pulse && this.pulse.uptimeUs < pulse.uptimeUs ? this.pulse : null;
    this.pulse = pulse;
    this.api.live = pulse.counts.live;
    if (pulse.stale || pulse.missedEvents > (this.before?.missedEvents ?? 0)) this.#droppedMs = performance.now();
    if (pulse.stale) this.views[1].changed(null);
    this.history.take(pulse);
    if (!this.history.isWhole) this.#askHistory();
    this.requests.take(pulse, performance.now());
    this.warningsView.watch(pulse);
    this.views[2].watch(pulse);
    this.detail.refresh(performance.now());
  }

  #askedMs = -Infinity;

  /* What was before this page was there, or while it asked for nothing: the
   * pulses tell the rest. */
  async #askHistory() {
    if (performance.now() - this.#askedMs < HISTORY_MS) return;
    this.#askedMs = performance.now();
    try {
      const { answer } = await this.api.json("/debug/history");
      if (answer.process.pid === (this.process ?? answer.process).pid) this.history.take(answer);
      this.render();
    } catch (error) {
      this.problem(error);
    }
  }

  get isConnected() {
    return this.#connection === "open";
  }

  status() {
    return {
      connection: this.#connection, refusal: this.#refusal, paused: this.paused, lastMs: this.#lastMs,
      pulse: this.pulse, dropped: performance.now() - this.#droppedMs < DROPPED_MS,
    };
  }

  problem(error) {
    if (error.status === 400) this.filterBar.say(error.message + (error.valid.length > 0 ? `; there are ${error.valid.slice(0, 12).join(", ")}` : ""));
  }

  #drawing = 0;

  /* At most once a frame. */
  render() {
    if (this.#drawing || document.hidden) return;
    this.#drawing = requestAnimationFrame((nowMs) => {
      this.#drawing = 0;
      if (!this.paused) this.requests.expire(nowMs);
      this.head.render(nowMs);
      if (this.paused) return;
      this.current.render(nowMs);
      this.detail.tick(nowMs);
    });
  }

  /* -- The cursor of the keys ------------------------------------------- */

  moveCursor(step) {
    const ids = this.current.ids?.() ?? [];
    if (ids.length === 0) return;
    const from = ids.indexOf(this.#cursor || this.selected);
    this.#cursor = ids[Math.max(0, Math.min(ids.length - 1, from + step))];
    if (this.current.mark) this.current.mark(this.#cursor);
    else this.#focusRow(this.#cursor);
  }

  #focusRow(id) {
    const row = this.current.element.querySelector(`[data-id="${CSS.escape(id)}"] button`);
    row?.focus();
  }

  openCursor() {
    if (!this.#cursor) return;
    if (this.current.open) this.current.open(this.#cursor);
    else if (selectionKind(this.#cursor) !== "") this.select(this.#cursor);
  }
}
