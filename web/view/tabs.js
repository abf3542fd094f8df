/* The views, one at a time. Arrows go from one to the next. */

import { h, setAttribute } from "../dom.js";

export class Tabs {
  #app;
  #tabs;

  constructor(app, views) {
    this.#app = app;
    this.#tabs = views.map((view, at) => h("button", {
      type: "button", role: "tab", id: `tab-${view.name}`, "aria-controls": `view-${view.name}`,
      title: `${at + 1}`, onclick: () => app.setView(view.name),
    }, view.title));
    for (const view of views) {
      view.element.id = `view-${view.name}`;
      view.element.classList.add("view");
      setAttribute(view.element, "role", "tabpanel");
      setAttribute(view.element, "aria-labelledby", `tab-${view.name}`);
    }
    this.element = h("div", { class: "tabs", role: "tablist", "aria-label": "Views", onkeydown: (event) => this.#key(event) }, this.#tabs);
  }

  #key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (this.#tabs.indexOf(event.target) + step + this.#tabs.length) % this.#tabs.length;
    this.#tabs[next].focus();
    this.#tabs[next].click();
  }

  draw(name) {
    for (const tab of this.#tabs) {
      const chosen = tab.id === `tab-${name}`;
      setAttribute(tab, "aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
  }
}
