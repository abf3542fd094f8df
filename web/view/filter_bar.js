/* The filter: one line of text, which is the query of the API. */

import { h, setAttribute, setText } from "../dom.js";
import { curl, filterText, parseFilter, PARAMETERS } from "../data/filter.js";

export class FilterBar {
  #app;

  constructor(app) {
    this.#app = app;
    this.input = h("input", {
      type: "text", id: "filter", autocomplete: "off", spellcheck: "false", autocapitalize: "off",
      placeholder: "type=Timeout older_than=10s", "aria-describedby": "filter-problem",
      list: "filter-names", onchange: () => this.#apply(),
      onkeydown: (event) => { if (event.key === "Escape") this.#leave(); },
    });
    this.problem = h("p", { id: "filter-problem", class: "problem", role: "alert" });
    this.clear = h("button", { type: "button", onclick: () => app.setFilter(new Map()) }, "Clear");
    this.copy = h("button", { type: "button", onclick: () => this.#copy() }, "Copy as curl");
    this.element = h("form", { class: "filter", role: "search", onsubmit: (event) => {
      event.preventDefault();
      this.#apply();
    } },
    h("label", { for: "filter" }, "Filter", h("kbd", { "aria-hidden": "true" }, "/")), this.input,
    h("datalist", { id: "filter-names" }, PARAMETERS.map((name) => h("option", { value: `${name}=` }))),
    this.clear, this.copy, this.problem);
  }

  #apply() {
    const { filter, problem } = parseFilter(this.input.value);
    this.say(problem);
    if (!problem && filterText(filter) !== filterText(this.#app.filter)) this.#app.setFilter(filter);
  }

  /* What was typed and not asked for is forgotten. */
  #leave() {
    this.input.value = filterText(this.#app.filter);
    this.say("");
    this.input.blur();
  }

  async #copy() {
    const text = curl(location.origin, this.#app.path(), this.#app.api.token !== "");
    let done = "Copied";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      done = "Cannot copy";
      this.say(text);
    }
    setText(this.copy, done);
    setTimeout(() => setText(this.copy, "Copy as curl"), 1500);
  }

  focus() {
    this.input.focus();
    this.input.select();
  }

  say(problem) {
    setText(this.problem, problem);
    setAttribute(this.input, "aria-invalid", problem ? "true" : null);
  }

  draw() {
    if (document.activeElement !== this.input || this.#app.filter.size === 0)
      this.input.value = filterText(this.#app.filter);
    this.clear.hidden = this.#app.filter.size === 0;
    this.say("");
  }
}
