/* What can be taken away: answers as files, and the trace in Perfetto. */

import { h, setText } from "../dom.js";
import { target } from "../data/filter.js";
import { sendToPerfetto } from "../net/perfetto.js";

const FILES = [
  ["JSON", "asyncscope.json", (filter) => target("/debug", "resources", filter, { limit: 100000 })],
  ["Graph for Graphviz (DOT)", "asyncscope.dot", (filter) => target("/debug/graph", "resources", filter, { format: "dot", limit: 2000 })],
  ["Trace (Chrome, Perfetto)", "trace.json", (filter) => target("/debug/trace", "trace", filter, { seconds: 60 })],
  ["Profile of what lives (pprof)", "resources.pb.gz", (filter) => target("/debug/pprof/resources", "resources", filter)],
];

export function menu(app) {
  const note = h("p", { class: "note", role: "status" });
  const save = (name, path) => download(app, name, path).then(() => "", (error) => error.message)
    .then((text) => setText(note, text));
  const element = h("details", { class: "menu" }, h("summary", {}, "Download"),
    h("div", { class: "menu-body" },
      FILES.map(([title, name, path]) => h("button", { type: "button", onclick: () => save(name, path(app.filter)) }, title)),
      h("button", { type: "button", onclick: () => openPerfetto(app, note) }, "Open the trace in Perfetto ↗"), note));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !element.open) return;
    event.stopPropagation();
    element.open = false;
    element.firstChild.focus();
  });
  addEventListener("click", (event) => { if (!element.contains(event.target)) element.open = false; });
  return element;
}

function saveBlob(name, blob) {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

async function download(app, name, path) {
  const response = await app.api.fetch(path);
  saveBlob(name, await response.blob());
}

/* The trace goes from this browser to that page, and nowhere else. Where there
 * is no way to it, it is saved instead. */
async function openPerfetto(app, note) {
  setText(note, "waiting for ui.perfetto.dev…");
  const trace = app.api.fetch(target("/debug/trace", "trace", app.filter, { seconds: 60 }))
    .then((response) => response.arrayBuffer());
  trace.catch(() => {});
  try {
    await sendToPerfetto(trace, `asyncscope: ${app.process?.command ?? ""}`);
    setText(note, "");
  } catch (error) {
    setText(note, `${error.message}: saved as trace.json instead`);
    trace.then((buffer) => saveBlob("trace.json", new Blob([buffer])), (failed) => setText(note, failed.message));
  }
}
