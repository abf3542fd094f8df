/* The ids of a thread: what lives on it, and for which requests. */

import { h, reconcile, setText } from "../dom.js";
import { count } from "../data/format.js";
import { link } from "./parts.js";

export const IDS_MAX = 24; /* of a kind that are shown */

export class IdsLine {
  #app;
  #items = new Map();
  #drawn = "";

  constructor(app) {
    this.#app = app;
    this.element = h("p", { class: "ids" });
  }

  /* `thread`: of /debug/threads. */
  draw({ thread, asyncIds, requestIds, counts }) {
    const drawn = `${asyncIds.slice(0, IDS_MAX)} ${requestIds.slice(0, IDS_MAX)} ${counts.live} ${this.#app.selected}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const more = asyncIds.length > IDS_MAX || counts.live > asyncIds.length;
    this.#reconcile([
      { key: "live", text: `${count(counts.live)} live` },
      ...linksOf(asyncIds, (id) => `${thread}:${id}`), { key: "more", text: more ? " …" : "" },
      { key: "requests", text: requestIds.length > 0 ? " · requests" : "" },
      ...linksOf(requestIds, (id) => id), { key: "moreRequests", text: requestIds.length > IDS_MAX ? " …" : "" },
    ]);
  }

  #reconcile(items) {
    reconcile(this.element, this.#items, items, (item) => item.key,
      (item) => (item.id ? h("span", {}, " ", link(this.#app, item.id, item.text)) : h("span", {})),
      (element, { id, text }) => {
        if (id) element.lastChild.classList.toggle("selected", id === this.#app.selected);
        else setText(element, text);
      });
  }
}

function linksOf(ids, nameOf) {
  return ids.slice(0, IDS_MAX).map((id) => ({ key: nameOf(id), id: nameOf(id), text: String(id) }));
}
