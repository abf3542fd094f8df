/* Keys: / filter, j k down and up, Enter open, Esc close, space pause, 1 to 4 the
 * views. None works while something is typed, and what has the focus goes before. */

import { h } from "../dom.js";

const isTyping = (target) => target.matches("input, textarea, select");
const isPressed = (target) => target.matches("button, summary, a");

export function listenToKeys(app) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const act = ACTIONS[event.key];
    if (!act || ((event.key === " " || event.key === "Enter") && isPressed(event.target))) return;
    event.preventDefault();
    act(app);
  });
}

const ACTIONS = {
  "/": (app) => app.filterBar.focus(),
  j: (app) => app.moveCursor(1),
  k: (app) => app.moveCursor(-1),
  Enter: (app) => app.openCursor(),
  Escape: (app) => app.select(""),
  " ": (app) => app.togglePause(),
  1: (app) => app.setView("requests"),
  2: (app) => app.setView("graph"),
  3: (app) => app.setView("threads"),
  4: (app) => app.setView("charts"),
};

const HELP = [
  { key: "/", what: "filter" },
  { key: "j k", what: "down, up", ofRows: true },
  { key: "Enter", what: "open", ofRows: true },
  { key: "Esc", what: "close" },
  { key: "space", what: "pause" },
  { key: "1–4", what: "views" },
];

/* Which keys the view has that is shown. */
export class KeysHelp {
  elements = HELP.map(({ key, what }) => h("span", { class: "key" }, h("kbd", {}, key), ` ${what}`));

  draw(view) {
    HELP.forEach(({ ofRows }, at) => { this.elements[at].hidden = ofRows === true && !view.ids; });
  }
}
