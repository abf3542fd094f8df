import assert from "node:assert/strict";
import { test } from "node:test";
import { History, Ring, sampleOf, topTypes } from "../../../web/data/series.js";

const pulse = (uptimeUs, more = {}) => ({
  uptimeUs, counts: { live: 5, byType: { A: 3, B: 2 } }, requestCounts: { active: 1, finished: 0 },
  pools: [{ queued: 2, active: 3 }], threads: [], ...more,
});
const loop = (idleUs, iterations, current) => ({ thread: 4, kind: "loop", idleUs, iterations, current });

test("a rate takes two pulses", () => {
  assert.equal(sampleOf(pulse(1e6), null).requestsPerSecond, undefined);
  const sample = sampleOf(pulse(3e6, { requestCounts: { active: 0, finished: 300 } }), pulse(1e6));
  assert.equal(sample.requestsPerSecond, 150);
  assert.equal(sample.poolDepth, 5);
});

test("lag is the mean time that a turn was busy", () => {
  const sample = sampleOf(pulse(2e6, { threads: [loop(900000, 20)] }), pulse(1e6, { threads: [loop(0, 10)] }));
  assert.equal(sample.lagMs, 10);
  assert.ok(Math.abs(sample.busy - 0.1) < 1e-9);
});

test("a loop that is stuck lags as long as it is", () => {
  const stuck = pulse(2e6, { threads: [loop(0, 10, { sinceUs: 800000 })] });
  assert.equal(sampleOf(stuck, pulse(1e6, { threads: [loop(0, 10)] })).lagMs, 800);
});

test("a ring forgets the oldest", () => {
  const ring = new Ring(2);
  [1, 2, 3].forEach((item) => ring.push(item));
  assert.deepEqual(ring.items, [2, 3]);
});

test("a minute is the mean of its seconds", () => {
  const history = new History();
  for (let at = 0; at <= 60; at++) history.push({ at, live: at, byType: { A: 2 } });
  assert.equal(history.seconds.items.length, 60);
  assert.equal(history.minutes.items.length, 1);
  assert.equal(history.minutes.items[0].live, 30);
  assert.ok(Math.abs(history.minutes.items[0].byType.A - 2) < 1e-9);
});

test("the types with most stand first, equal ones by name", () => {
  assert.deepEqual(topTypes([{ byType: { C: 1, B: 1, A: 5 } }, { byType: { D: 9 } }], 3), ["D", "A", "B"]);
});
