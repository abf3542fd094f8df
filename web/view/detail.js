/* Everything that is known of what is selected: a resource or a request. */

import { h, isPressed, painted, setText } from "../dom.js";
import { selectionKind } from "../data/address.js";
import { endOfChain } from "../data/chain.js";
import { pauseMs } from "../data/duty.js";
import { agedUs, bytes, count, siteParameter } from "../data/format.js";
import { shares } from "../data/requests.js";
import { warningsOf } from "../data/warnings.js";
import { empty, link, nameText, site, stateIcon, time, timeBar, typeLabel } from "./parts.js";

export class DetailView {
  #app;
  #asked = 0;
  #shown = "";
  #nextMs = 0;
  #ages = []; /* {element, us, atMs} of what lives */

  constructor(app) {
    this.#app = app;
    this.heading = h("h2", { id: "detail-title", tabindex: "-1" });
    this.body = h("div", { class: "detail-body" });
    this.element = h("aside", { class: "detail", "aria-labelledby": "detail-title", hidden: true },
      h("header", {}, this.heading,
        h("button", { type: "button", class: "quiet", title: "Close (Esc)", "aria-label": "Close", onclick: () => app.select("") }, "✕")),
      this.body);
  }

  /* Ages go on between two answers. */
  tick(nowMs) {
    this.#ages = this.#ages.filter(({ element }) => element.isConnected);
    for (const { element, us, atMs } of this.#ages) {
      if (hasSelection(element)) continue;
      const now = time(agedUs(us, (nowMs - atMs) * 1000));
      if (element.textContent !== now.textContent) element.replaceChildren(now);
    }
  }

  /* What is shown goes on living, as often as its answer is cheap, and not under
   * who is at it. */
  refresh(nowMs) {
    if (this.#shown === "" || nowMs < this.#nextMs) return;
    if (!isUsed(this.body)) this.show(this.#shown);
  }

  /* By what all of them cost together. */
  #answered(...asked) {
    const sum = (of) => asked.reduce((all, one) => all + of(one), 0);
    const pause = pauseMs(sum(({ answer }) => answer.snapshot?.buildUs ?? 0), sum(({ bytes }) => bytes), asked.length * this.#app.api.live);
    this.#nextMs = performance.now() + Math.max(2000, pause);
  }

  /* Asks anew; what was shown of the same one stays meanwhile, and longer under
   * who has begun to use it: a button that goes while it is pressed is not clicked. */
  async show(id) {
    this.element.hidden = id === "";
    if (id === "") return void (this.#shown = "");
    const asked = ++this.#asked;
    const again = id === this.#shown;
    if (!again) {
      setText(this.heading, id);
      this.body.replaceChildren(h("p", { class: "note" }, "looking…"));
    }
    this.#shown = id;
    this.#nextMs = performance.now() + 60000;
    await painted();
    if (asked !== this.#asked) return;
    const parts = await (selectionKind(id) === "request" ? this.#request(id) : this.#resource(id))
      .catch((error) => this.#gone(id, error));
    if (asked === this.#asked && !(again && isUsed(this.body))) this.body.replaceChildren(...parts.filter(Boolean));
  }

  #gone(id, error) {
    if (error.status !== 404)
      return [empty("It cannot be shown.", error.message)];
    const known = this.#app.requests.get(id);
    const note = empty(`${id} has ended.`, "It is not among what lives, nor among the last that are remembered.");
    return known ? [...this.#account({ ...known, durationUs: known.durationUs ?? known.ageUs }), note] : [note];
  }

  async #resource(key) {
    const { api } = this.#app;
    const [one, why] = await Promise.all([
      api.json(`/debug/resources/${key}?internal=1`), api.json(`/debug/resources/${key}/why?limit=64`)]);
    this.#answered(one, why);
    const { resource, children, contextHolders } = one.answer;
    setText(this.heading, `${resource.type} ${key}`);
    this.#app.relate(resource.requestId ?? "");
    return [
      this.#facts(resource), this.#warnings(key), this.#why(why.answer),
      this.#keys("It caused", children), this.#keys("Others that hold its context", contextHolders),
      this.#actions(resource),
    ];
  }

  #facts(resource) {
    const rows = [
      ["State", resource.gone ? [stateIcon("destroyed", resource.type), " has ended, and is remembered as a cause"]
        : [stateIcon(resource.state, resource.type), ` ${resource.state}${resource.ref === false ? ", does not keep its loop alive" : ""}`]],
      resource.name && ["Name", [resource.name]],
      resource.ageUs !== undefined && ["Age", [this.#age(resource.ageUs)]],
      resource.queuedUs !== undefined && ["In the queue", [time(resource.queuedUs)]],
      resource.runUs !== undefined && ["In callbacks", [time(resource.runUs), ` in ${count(resource.callbacks)}`]],
      ["Made at", [site(resource.site), resource.site ? ` ${resource.site.function}` : ""]],
      resource.requestId && ["Request", [link(this.#app, resource.requestId)]],
      resource.trigger && ["Trigger", [link(this.#app, resource.trigger)]],
      resource.execution && ["Execution", [link(this.#app, resource.execution)]],
      ["Thread", [`${resource.thread}${resource.uvType ? ` · uv_${resource.uvType}_t` : ""}`]],
      resource.stores?.length > 0 && ["Stores", [`${resource.stores.join(", ")} (frame ${resource.frame})`]],
    ];
    return facts(rows);
  }

  #age(us) {
    const element = h("span", {}, time(us));
    this.#ages.push({ element, us, atMs: performance.now() });
    return element;
  }

  #warnings(id) {
    const found = warningsOf(this.#app.warnings, id);
    return found.length === 0 ? null : h("section", {}, h("h3", {}, "Warnings"),
      found.map((warning) => h("p", { class: `warning-text ${warning.severity}` },
        h("strong", {}, warning.code), ` ${warning.message}: ${warning.advice}.`)));
  }

  /* From the resource down to where its causes begin. */
  #why(answer) {
    return h("section", {}, h("h3", {}, "Why it is there"),
      h("ol", { class: "chain" }, answer.chain.map((step) => this.#step(step)),
        h("li", { class: "end" }, endOfChain(answer.end))));
  }

  #step(step) {
    return h("li", { class: step.gone ? "gone" : "" },
      h("span", {}, stateIcon(step.gone ? "destroyed" : step.state, step.type), " ", link(this.#app, step.key, `${step.type ?? "unknown"} ${step.key}`), " ", step.name ? nameText(step.name) : "", step.gone ? " gone" : ""),
      h("span", { class: "where" }, site(step.site), step.ageUs !== undefined ? [" ", this.#age(step.ageUs)] : null));
  }

  #keys(title, list) {
    if (!list || list.count === 0) return null;
    return h("section", {}, h("h3", {}, `${title} ${count(list.count)}`),
      h("p", { class: "keys" }, list.keys.slice(0, 40).flatMap((key) => [link(this.#app, key), " "]),
        list.count > Math.min(40, list.keys.length) ? "…" : ""));
  }

  #actions(resource) {
    const by = (title, name, value) => value && h("button", { type: "button", onclick: () => this.#app.setFilter(new Map([[name, value]])) }, title);
    return h("section", { class: "actions" }, h("h3", {}, "Show only"),
      by("this type", "type", resource.type), by("what was made here", "site", resource.site && siteParameter(resource.site)),
      by("its request", "request", resource.requestId), by("it and what it caused", "root", resource.key));
  }

  async #request(id) {
    const asked = await this.#app.api.json(`/debug/requests/${id}?limit=100&internal=1`);
    const { answer } = asked;
    this.#answered(asked);
    setText(this.heading, `${id} ${answer.request.name ?? ""}`);
    this.#app.relate(id);
    return [...this.#account(answer.request), this.#warnings(id), this.#holders(answer), this.#requestActions(id)];
  }

  #account(request) {
    const { cost } = request;
    return [
      timeBar(shares(request)),
      facts([
        ["State", [request.state === "active" ? "in flight" : `ended with ${request.error ?? request.status}`, request.failed ? ", failed" : "", request.retained ? ", its context is still held" : ""]],
        ["Time", [request.durationUs === undefined ? this.#age(request.ageUs) : time(request.durationUs)]],
        ["On loops", [time(cost.loopUs)]], ["In queues", [time(cost.queueUs)]], ["On workers", [time(cost.workerUs)]],
        ["Resources made", [count(cost.resources), " ", Object.entries(cost.byType ?? {}).map(([type, n]) => `${type} ${n}`).join(", ")]],
        ["Bytes", [`${bytes(cost.bytesIn)} in, ${bytes(cost.bytesOut)} out`]],
        request.route && ["Route", [request.route]],
        request.key && ["Began as", [link(this.#app, request.key)]],
        request.traceId && ["Trace", [h("code", {}, request.traceId)]],
        request.spanId && ["Span", [h("code", {}, request.spanId)]],
      ]),
    ];
  }

  #holders({ resources, matched }) {
    return h("section", {}, h("h3", {}, `What lives for it: ${count(matched)}`),
      resources.length === 0 ? h("p", { class: "note" }, "nothing")
        : h("ul", { class: "holders" }, resources.map((resource) => h("li", {},
          stateIcon(resource.state, resource.type), " ", typeLabel(resource.type), " ", link(this.#app, resource.key), " ",
          h("span", { class: "where" }, site(resource.site), " ", this.#age(resource.ageUs))))));
  }

  #requestActions(id) {
    return h("section", { class: "actions" }, h("h3", {}, "Show only"),
      h("button", { type: "button", onclick: () => this.#app.setFilter(new Map([["request", id]])) }, "this request"));
  }

  focus() {
    this.heading.focus();
  }
}

/* Somebody has the focus in it, presses something there, or selects its text. */
function isUsed(element) {
  return element.contains(document.activeElement) || isPressed(element) || hasSelection(element);
}

/* Text that somebody is about to copy would be lost with the nodes that it is in. */
function hasSelection(element) {
  const { anchorNode, focusNode, isCollapsed } = getSelection();
  return !isCollapsed && (element.contains(anchorNode) || element.contains(focusNode));
}

function facts(rows) {
  return h("dl", {}, rows.filter(Boolean).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}
