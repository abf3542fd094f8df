/* A node of the graph: a card with marks, two lines of text, and an age. */

import { isPressed, s, setAttribute, setText } from "../dom.js";
import { stateOf } from "../data/forest.js";
import { agedUs, count, cutText, durationText, groupCount, siteShort, widthOf } from "../data/format.js";
import { COLUMN, ROW } from "../data/layout.js";
import { familyOf } from "../data/palette.js";
import { stateMark } from "./parts.js";

export const WIDTH = COLUMN - 48;
export const HEIGHT = ROW - 8;
const LEFT = 30, RIGHT = 10, GAP = 8; /* of the texts, pixels */
const SMALL = 0.86; /* letters, as a part of the title's */

export function createNode({ id, x, y }, onclick) {
  const element = s("g", { class: "node entering", "data-id": id, onclick },
    s("rect", { class: "card", width: WIDTH, height: HEIGHT, rx: 7 }),
    s("g", { class: "marks", transform: `translate(15,${HEIGHT / 2})` }),
    s("text", { class: "title", x: LEFT, y: 13.5 }),
    s("text", { class: "sub", x: LEFT, y: 26 }),
    s("text", { class: "badge", x: WIDTH - RIGHT, y: 13.5, "text-anchor": "end" }),
    s("text", { class: "age", x: WIDTH - RIGHT, y: 26, "text-anchor": "end" }),
    s("title", {}));
  element.style.transform = `translate(${x}px,${y}px)`;
  requestAnimationFrame(() => element.classList.remove("entering"));
  return element;
}

/* `classes`: what it has beside its kind and its state. */
export function updateNode(element, { node, x, y }, sinceUs, classes) {
  const [, marks, title, sub, badge, age, tip] = element.children;
  const face = faceOf(node, sinceUs);
  element.style.transform = `translate(${x}px,${y}px)`;
  setAttribute(element, "class", ["node", node.kind, face.state, face.ended && "ended", node.open && "open",
    element.classList.contains("entering") && "entering", ...classes]
    .filter(Boolean).join(" "));
  drawMarks(marks, node.kind, face);
  setText(title, cutText(face.title, besides(face.badge, node.kind === "group" ? 1 : SMALL)));
  setText(sub, cutText(face.sub, besides(face.age, SMALL) / SMALL));
  setText(badge, face.badge);
  setText(age, face.age);
  setText(tip, `${face.title}\n${face.sub}`);
}

function drawMarks(marks, kind, { state, family }) {
  const look = `${family} ${state} ${kind}`;
  if (marks.dataset.look === look || isPressed(marks)) return;
  marks.dataset.look = look;
  marks.replaceChildren(...(kind === "group"
    ? [stateMark("closing", family, "stack3"), stateMark("closing", family, "stack2")] : []),
    stateMark(state, family));
}

/* Pixels that another text leaves on its line. */
function besides(text, size) {
  return WIDTH - LEFT - RIGHT - (text ? widthOf(text) * size + GAP : 0);
}

/* What a node shows, so long after it was told. */
function faceOf(node, sinceUs) {
  const age = (us) => (us === undefined ? "" : durationText(agedUs(us, sinceUs)));
  if (node.kind === "more") return faceOfMore(node);
  return node.kind === "group" ? faceOfGroup(node, age) : faceOfResource(node.item, age);
}

function faceOfMore(node) {
  return { title: `${count(node.count)} more`, sub: "narrow the filter to these", badge: "", age: "", state: "idle", family: "none" };
}

function faceOfGroup(node, age) {
  const [most] = Object.entries(node.states ?? {}).sort((a, b) => b[1] - a[1]);
  return {
    title: node.type ?? "unknown", sub: siteShort(node.site), badge: node.gone ? "gone" : groupCount(node),
    age: node.gone ? "" : age(node.oldestUs), state: node.gone ? "destroyed" : most?.[0] ?? "idle",
    family: familyOf(node.type), ended: node.gone || node.ended,
  };
}

function faceOfResource(item, age) {
  const state = stateOf(item);
  return {
    title: item.name || item.type || "unknown", sub: `${item.id} ${siteShort(item.site)}`,
    badge: item.gone ? "gone" : item.endedMs !== undefined ? "ended" : state,
    age: item.gone ? "" : age(item.ageUs), state, family: familyOf(item.type), ended: state === "destroyed",
  };
}
