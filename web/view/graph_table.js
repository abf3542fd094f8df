/* The graph as a table: for screen readers always, for eyes on demand. */

import { h, reconcile, setText } from "../dom.js";
import { count, durationText, groupCount, siteShort } from "../data/format.js";
import { stateOf } from "../data/forest.js";
import { COLUMN } from "../data/layout.js";
import { typeLabel } from "./parts.js";

export class GraphTable {
  #rows = new Map();
  #activate;
  #reached = false;

  constructor(app, activate) {
    this.#activate = activate;
    this.body = h("tbody", {});
    this.element = h("div", { class: "scroll graph-table", tabindex: "-1", role: "region", "aria-label": "The graph as a table" },
      h("table", {}, h("caption", { class: "hidden-text" }, "Live resources by cause"),
        h("thead", {}, h("tr", {}, ["Type", "Key or count", "State", "Made at", "Age", "Request", "Level"]
          .map((title) => h("th", { scope: "col" }, title)))), this.body));
  }

  /* By the tab key: not while only screen readers see it, which need none. */
  reach(reached) {
    this.#reached = reached;
    this.element.tabIndex = reached ? 0 : -1;
    for (const row of this.#rows.values()) this.#setReach(row);
  }

  #setReach(row) {
    row.querySelector("button").tabIndex = this.#reached ? 0 : -1;
  }

  focus(id) {
    this.#rows.get(id)?.querySelector("button").focus();
  }

  draw(places) {
    reconcile(this.body, this.#rows, places, (place) => place.id,
      (place) => this.#create(place), (row, place) => this.#update(row, place));
  }

  #create({ node }) {
    const row = h("tr", {},
      h("th", { scope: "row" }, h("button", { type: "button", class: "link", onclick: () => this.#activate(row.node_) },
        node.kind === "more" ? "more" : typeLabel(node.type ?? node.item?.type))),
      ["", "", "", "", "", ""].map(() => h("td", {})));
    this.#setReach(row);
    return row;
  }

  #update(row, { node, x }) {
    const cells = row.children;
    const item = node.item ?? {};
    row.node_ = node;
    cells[0].style.paddingInlineStart = `${x / 16 + 8}px`;
    setText(cells[1], node.kind === "resource" ? item.id : `${groupCount(node)}${node.open ? ", open" : ""}`);
    setText(cells[2], node.kind === "resource" ? stateOf(item)
      : Object.entries(node.states ?? {}).map(([state, n]) => `${count(n)} ${state}`).join(", "));
    setText(cells[3], siteShort(node.site ?? item.site));
    setText(cells[4], durationText(node.oldestUs ?? item.ageUs));
    setText(cells[5], item.requestId ?? "");
    setText(cells[6], String(Math.round(x / COLUMN) + 1));
  }
}
