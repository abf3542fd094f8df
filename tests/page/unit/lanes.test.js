import assert from "node:assert/strict";
import { test } from "node:test";
import { busyOfLane, lanesOf, runAt, spanOf } from "../../../web/data/lanes.js";

const run = (startUs, runUs, more = {}) => ({ key: `4:${startUs}`, type: "A", startUs, runUs, ...more });
const thread = (kind, number, runs, leftOut = 0) => ({ thread: number, name: kind, kind, coversUs: 0, leftOut, runs });
const answer = (uptimeUs, ...threads) => ({ process: { uptimeUs }, threads });

test("the span is what was asked for where all of it is known", () => {
  assert.equal(spanOf(answer(60e6, thread("loop", 4, [run(55e6, 10)])), 10).spanUs, 10e6);
  assert.equal(spanOf(answer(4e6), 10).spanUs, 4e6);
});

test("the shortest memory says how far back all lanes go", () => {
  const span = spanOf(answer(60e6, thread("loop", 4, [run(58e6, 10)], 7), thread("loop", 5, [run(51e6, 10)])), 10);
  assert.equal(span.startUs, 58e6);
});

test("loops stand above workers, workers above others", () => {
  const lanes = lanesOf(answer(1e6, thread("other", 1, []), thread("worker", 0, []), thread("loop", 4, [])), { startUs: 0, endUs: 1e6, spanUs: 1e6 });
  assert.deepEqual(lanes.map((lane) => lane.kind), ["loop", "worker", "other"]);
});

test("runs that are told in the order of their ends are nested again", () => {
  const [lane] = lanesOf(answer(1000, thread("loop", 4, [run(20, 10), run(10, 50), run(70, 5)])), { startUs: 0, endUs: 1000, spanUs: 1000 });
  assert.deepEqual(lane.runs.map((each) => [each.startUs, each.depth]), [[10, 0], [20, 1], [70, 0]]);
});

test("busy is what ran at the top level within the span", () => {
  const span = { startUs: 100, endUs: 200, spanUs: 100 };
  const [lane] = lanesOf(answer(200, thread("loop", 4, [run(50, 60), run(55, 10), run(150, 40)])), span);
  assert.equal(busyOfLane(lane, span), 0.5);
});

test("the pointer finds the innermost run, or the nearest one", () => {
  const [lane] = lanesOf(answer(1000, thread("loop", 4, [run(10, 50), run(20, 10)])), { startUs: 0, endUs: 1000, spanUs: 1000 });
  assert.equal(runAt(lane, 25, 1, 5).startUs, 20);
  assert.equal(runAt(lane, 25, 0, 5).startUs, 10);
  assert.equal(runAt(lane, 64, 0, 5).startUs, 10);
  assert.equal(runAt(lane, 500, 0, 5), undefined);
});
