import assert from "node:assert/strict";
import { test } from "node:test";
import { edgesOf } from "../../../web/data/edges.js";

const single = (id, parent) => ({ id, parent, node: { kind: "resource" } });
const group = (id, keys, parent) => ({ id, parent, node: { kind: "group", keys } });
const told = (places, execution = []) => edgesOf(places, execution).map(({ kind, from, to }) => [kind, from.id, to.id]);

test("a line leads from a cause to what it caused", () => {
  assert.deepEqual(told([single("1:1"), single("1:2", "1:1")]), [["trigger", "1:1", "1:2"]]);
});

test("no line leads from what is not shown", () => {
  const execution = [{ source: "1:8", target: "1:2" }, { source: "1:2", target: "1:9" }];
  assert.deepEqual(told([single("1:2", "1:1")], execution), []);
});

test("where members of two groups made each other is one line between the groups", () => {
  const places = [group("a", ["1:1", "1:2"]), group("b", ["1:3", "1:4"])];
  const execution = [{ source: "1:1", target: "1:3" }, { source: "1:2", target: "1:4" }];
  assert.deepEqual(told(places, execution), [["execution", "a", "b"]]);
});

test("a group has no line to itself", () => {
  assert.deepEqual(told([group("a", ["1:1", "1:2"])], [{ source: "1:1", target: "1:2" }]), []);
});
