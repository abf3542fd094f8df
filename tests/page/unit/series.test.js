import assert from "node:assert/strict";
import { test } from "node:test";
import { busyOf, countsOf, History, sampleOf, Series, topTypes } from "../../../web/data/series.js";

const point = (number, more = {}) => ({
  number, atUs: (number + 1) * 1e6, spanUs: 1e6, live: 5, byType: { A: 3, B: 2 }, finished: 0, failed: 0,
  lagP99Us: 1500, lagMaxUs: 20000, utilization: 0.25, poolActive: 1, poolQueued: 2, ...more,
});
const numbers = (series) => series.items.map((item) => item.number);

test("a sample has the units of the charts", () => {
  const sample = sampleOf(point(0, { finished: 300, spanUs: 2e6 }));
  assert.equal(sample.requestsPerSecond, 150);
  assert.deepEqual([sample.lagMs, sample.lagMaxMs, sample.busy, sample.poolDepth], [1.5, 20, 0.25, 3]);
});

test("a point that comes twice is there once, and in its place", () => {
  const series = new Series();
  series.take([point(2)]);
  series.take([point(0), point(1), point(2)]);
  assert.deepEqual(numbers(series), [0, 1, 2]);
});

test("sixty are kept, the last ones", () => {
  const series = new Series();
  for (let number = 0; number < 70; number++) series.take([point(number)]);
  assert.equal(series.items.length, 60);
  assert.equal(numbers(series)[0], 10);
  assert.ok(series.isWhole);
});

test("what is missing shows: at the beginning, and in between", () => {
  const history = new History();
  assert.ok(history.isWhole);
  history.take({ seconds: [point(7)], minutes: [] });
  assert.ok(!history.isWhole);
  history.take({ seconds: [0, 1, 2, 3, 4, 5, 6].map((number) => point(number)), minutes: [] });
  assert.ok(history.isWhole);
  history.take({ seconds: [point(9)], minutes: [] });
  assert.ok(!history.isWhole);
});

test("a loop is as busy as it did not wait", () => {
  assert.ok(Math.abs(busyOf({ idleUs: 900000 }, { idleUs: 0 }, 1e6) - 0.1) < 1e-9);
  assert.equal(busyOf({ idleUs: 1 }, undefined, 1e6), undefined);
});

test("the types with most stand first, equal ones by name, what has none not at all", () => {
  assert.deepEqual(topTypes([{ byType: { C: 1, B: 1, A: 5, others: 99 } }, { byType: { D: 9 } }], 3), ["D", "A", "B"]);
});

test("a type may be called what objects have by themselves", () => {
  const byType = JSON.parse('{"__proto__": 7, "toString": 2, "A": 1}');
  const [, counts] = countsOf([{ byType: {} }, { byType }], ["__proto__", "toString"]);
  assert.deepEqual([...counts], [["__proto__", 7], ["toString", 2], ["others", 1]]);
  assert.deepEqual([...countsOf([{ byType: {} }], ["constructor"])[0]], [["constructor", 0], ["others", 0]]);
});
