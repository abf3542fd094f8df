import assert from "node:assert/strict";
import { test } from "node:test";
import { windowOf } from "../../../web/data/window.js";

const view = (scrollTop, clientHeight = 280) => ({ scrollTop, clientHeight });

test("a short table is shown whole", () => {
  assert.deepEqual(windowOf(5, 28, view(0)), { first: 0, end: 5 });
  assert.deepEqual(windowOf(0, 28, view(0)), { first: 0, end: 0 });
});

test("of a long one what is near enough to be seen", () => {
  assert.deepEqual(windowOf(400, 28, view(0)), { first: 0, end: 22 });
  assert.deepEqual(windowOf(400, 28, view(2800)), { first: 94, end: 116 });
});

test("its end is seen whole, also from beyond it", () => {
  assert.deepEqual(windowOf(400, 28, view(400 * 28 - 280)), { first: 378, end: 400 });
  assert.deepEqual(windowOf(400, 28, view(1e6)), { first: 378, end: 400 });
});

test("what is not laid out yet has a height, too", () => {
  assert.ok(windowOf(400, 28, view(0, 0)).end > 0);
});
