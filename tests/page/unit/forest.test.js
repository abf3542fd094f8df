import assert from "node:assert/strict";
import { test } from "node:test";
import { groupCount } from "../../../web/data/format.js";
import { ENDED_MS, Forest, VISIBLE_MAX } from "../../../web/data/forest.js";
import { layout } from "../../../web/data/layout.js";

const site = (line) => ({ file: "a.c", line });
const node = (id, type, more = {}) => ({ id, type, site: site(1), state: "idle", ageUs: 1, ...more });
const link = (source, target, key = "trigger") => ({ source, target, key, count: 1 });
const graph = (nodes, links = [], more = {}) => ({ graph: { groupBy: "none", matched: nodes.length, truncated: false, ...more }, nodes, links });
const taken = (answer, nowMs = 0) => {
  const forest = new Forest();
  forest.take(answer, nowMs);
  return forest;
};
const all = () => true;
const none = () => false;
const flat = (root) => layout(root).nodes.map((place) => place.id);

test("single ones of one type and site below one cause are a group", () => {
  const forest = taken(graph([node("1:1", "S"), node("1:2", "T"), node("1:3", "T")], [link("1:1", "1:2"), link("1:1", "1:3")]));
  const { root } = forest.visible(none);
  const [server] = root.children;
  assert.equal(server.kind, "resource");
  assert.equal(server.children[0].kind, "group");
  assert.equal(server.children[0].count, 2);
  assert.deepEqual(server.children[0].keys, ["1:2", "1:3"]);
});

test("a group of a group holds what all of them caused", () => {
  const forest = taken(graph([node("1:2", "T"), node("1:3", "T"), node("1:4", "W"), node("1:5", "W")], [link("1:2", "1:4"), link("1:3", "1:5")]));
  const [group] = forest.visible(none).root.children;
  assert.equal(group.children[0].count, 2);
  assert.deepEqual(flat(forest.visible(all).root), ["1:2", "1:4", "1:3", "1:5"]);
});

test("a node keeps its place when others come and go", () => {
  const forest = taken(graph([node("1:2", "A"), node("1:3", "B")]));
  forest.take(graph([node("1:1", "C"), node("1:3", "B"), node("1:2", "A")]), 1);
  assert.deepEqual(flat(forest.visible(all).root), ["1:2", "1:3", "1:1"]);
  const before = layout(forest.visible(all).root).nodes;
  forest.take(graph([node("1:1", "C"), node("1:3", "B")]), 2);
  assert.deepEqual(layout(forest.visible(all).root).nodes.map(({ id, x, y }) => [id, x, y]), before.map(({ id, x, y }) => [id, x, y]));
});

test("what has ended stays for six seconds, and is said to have ended", () => {
  const forest = taken(graph([node("1:2", "A")]));
  forest.take(graph([]), 1000);
  assert.equal(forest.get("1:2").endedMs, 1000);
  assert.equal(forest.expire(1000 + ENDED_MS), false);
  assert.equal(forest.expire(1001 + ENDED_MS), true);
  assert.equal(forest.size, 0);
});

test("what is gone is shown for what it caused, and not alone", () => {
  const gone = (id) => node(id, "G", { gone: true });
  const forest = taken(graph([gone("1:1"), gone("1:2"), gone("1:3"), node("1:4", "A"), gone("1:5")],
    [link("1:1", "1:2"), link("1:2", "1:3"), link("1:1", "1:4")]));
  assert.deepEqual(flat(forest.visible(all).root), ["1:1", "1:4"]);
  assert.equal(forest.size, 2);
});

test("a delta says first that something has ended", () => {
  const forest = taken(graph([node("1:2", "A"), node("1:3", "A")]));
  forest.markEnded(["1:2", "9:9"], 500);
  const [group] = forest.visible(none).root.children;
  assert.equal(group.count, 1);
  assert.deepEqual(group.states, { idle: 1 });
});

test("a ring of causes ends", () => {
  const forest = taken(graph([node("1:2", "A"), node("1:3", "B")], [link("1:2", "1:3"), link("1:3", "1:2")]));
  assert.equal(flat(forest.visible(all).root).length, 2);
});

test("no more nodes are shown than can be read, and the rest is counted", () => {
  const nodes = Array.from({ length: 2000 }, (_, at) => node(`1:${at}`, `T${at}`));
  const { root, shown, cut } = taken(graph(nodes)).visible(all);
  assert.equal(shown, VISIBLE_MAX);
  assert.equal(cut, 2000 - VISIBLE_MAX);
  assert.equal(flat(root).length, VISIBLE_MAX);
});

test("an open group shows some of its own and says how many more there are", () => {
  const forest = taken(graph(Array.from({ length: 100 }, (_, at) => node(`1:${at}`, "T"))));
  const children = forest.visible(all).root.children;
  assert.equal(children.length, 61);
  assert.equal(children[60].kind, "more");
  assert.equal(children[60].count, 40);
});

test("groups of the server keep their names from answer to answer", () => {
  const answer = (first) => graph([
    { id: first, type: "A", site: site(1), count: 9000, oldestAgeUs: 1 },
    { id: "g9", type: "B", site: site(2), count: 8000, oldestAgeUs: 1 }], [link(first, "g9")], { groupBy: "path", matched: 17000 });
  const forest = taken(answer("g1"));
  const before = flat(forest.visible(none).root);
  forest.take(answer("g2"), 1);
  assert.deepEqual(flat(forest.visible(none).root), before);
  assert.deepEqual(before, [">A@a.c:1", ">A@a.c:1>B@a.c:2"]);
});

test("a group of the server shows the states that it has", () => {
  const states = { queued: 8000, running: 1000 };
  const forest = taken(graph([{ id: "g1", type: "WORK", site: site(1), count: 9000, states }], [], { groupBy: "path", matched: 9000 }));
  assert.deepEqual(forest.visible(none).root.children[0].states, states);
});

test("an open group of the server shows what was loaded of it", () => {
  const forest = taken(graph([{ id: "g1", type: "A", site: site(1), count: 9000 }], [], { groupBy: "path", matched: 9000 }));
  const members = new Map([[">A@a.c:1", [{ key: "1:7", type: "A", state: "idle" }]]]);
  const [group] = forest.visible(all, members).root.children;
  assert.deepEqual(group.children.map((child) => child.kind), ["resource", "more"]);
  assert.equal(group.children[1].count, 8999);
});

test("what lost its cause is counted with its kind", () => {
  const forest = taken(graph([
    { id: "g1", type: "A", site: site(1), count: 2 }, { id: "g2", type: "T", site: site(2), count: 5 },
    { id: "g3", type: "T", site: site(2), count: 4 }], [link("g1", "g2")], { groupBy: "path", matched: 11 }));
  const [one, lost] = forest.visible(none).root.children;
  assert.deepEqual([one, one.children[0], lost].map(groupCount), ["×2", "×5 of 9", "×4 of 9"]);
});

test("a node stands in its first child's row, one layer before it", () => {
  const forest = taken(graph([node("1:1", "S"), node("1:2", "A"), node("1:3", "B")], [link("1:1", "1:2"), link("1:1", "1:3")]));
  const places = layout(forest.visible(all).root).nodes;
  assert.equal(places[0].y, places[1].y);
  assert.ok(places[1].x > places[0].x);
  assert.ok(places[2].y > places[1].y);
});
