/* What looks wrong, above everything else. */

import { h, reconcile, setAttribute, setText } from "../dom.js";
import { count, durationText, siteShort } from "../data/format.js";
import { SELDOM } from "../data/duty.js";
import { stuckThreads } from "../data/badge.js";
import { isKnown, seenText } from "../data/seen.js";
import { filterOfWarning, nameWarnings, sortWarnings } from "../data/warnings.js";
import { Poll } from "../net/poll.js";

export class WarningsView {
  #app;
  #items = new Map();

  constructor(app) {
    this.#app = app;
    this.poll = new Poll(app.api, () => "/debug/warnings", (answer) => this.#take(answer), (error) => this.#failed(error), SELDOM);
    this.none = h("p", { class: "none", hidden: true }, "No warnings");
    this.note = h("p", { class: "note" });
    this.list = h("ul", {});
    this.element = h("section", { class: "warnings", "aria-label": "Warnings" }, this.none, this.list, this.note);
  }

  #take(answer) {
    this.#app.warnings = sortWarnings(answer.warnings);
    this.draw();
  }

  #failed(error) {
    this.#app.problem(error);
    this.draw();
  }

  draw() {
    const warnings = this.#app.warnings;
    reconcile(this.list, this.#items, nameWarnings(warnings), ({ name }) => name,
      () => h("li", {}, h("button", { type: "button", onclick: (event) => this.#open(event.currentTarget.warning_) },
        h("strong", {}), h("span", { class: "where" }), h("span", { class: "text" }))),
      (item, { warning }) => this.#update(item, warning));
    this.none.hidden = warnings.length > 0 || !isKnown(this.poll);
    setText(this.note, this.poll.problem && `Warnings ${seenText(this.poll, performance.now())}`);
  }

  #update(item, warning) {
    const button = item.firstChild;
    const [code, where, text] = button.children;
    button.warning_ = warning;
    setAttribute(item, "class", warning.severity);
    setText(code, `${warning.severity === "error" ? "■" : "▲"} ${warning.code}${warning.count > 1 ? ` ×${count(warning.count)}` : ""}`);
    setText(where, [siteShort(warning.site), warning.worstUs ? durationText(warning.worstUs) : "", warning.requestId ?? ""].filter(Boolean).join(" · "));
    setText(text, warning.message);
    button.title = `${warning.message}: ${warning.advice}`;
  }

  /* The list of what it is about. */
  #open(warning) {
    this.#app.go({ view: "graph", selected: warning.keys?.[0] ?? this.#app.selected, filter: filterOfWarning(warning) ?? this.#app.filter });
  }

  /* A loop that has just got stuck is worth a question. */
  watch(pulse) {
    const stuck = stuckThreads(pulse).length > 0;
    if (stuck && this.poll.isRunning && this.poll.everyMs > 1500) this.poll.now();
  }
}
