import assert from "node:assert/strict";
import { test } from "node:test";
import { ageUs, GREY_MS, RequestTable, shares } from "../../../web/data/requests.js";

const cost = (parts = {}) => ({ loopUs: 0, workerUs: 0, queueUs: 0, resources: 1, bytesIn: 0, bytesOut: 0, ...parts });
const active = (id, more = {}) => ({ requestId: id, name: `GET /${id}`, state: "active", ageUs: 1000, cost: cost(), ...more });
const ended = (id, more = {}) => ({ requestId: id, name: `GET /${id}`, state: "finished", status: 200, durationUs: 500, endedAgoUs: 0, cost: cost(), ...more });
const pulse = (requests, finished = [], all = requests.length) => ({ requests, finished, requestCounts: { active: all } });
const ids = (table, nowMs, sort = { by: "" }) => table.rows(sort, nowMs).map((row) => row.requestId);

test("the parts of a request's time are one whole", () => {
  const cases = [cost({ loopUs: 100, workerUs: 200 }), cost(), cost({ loopUs: 900, workerUs: 900, queueUs: 50 })];
  for (const each of cases) {
    const parts = shares({ ageUs: 1000, cost: each });
    assert.ok(Math.abs(parts.loop + parts.queue + parts.worker + parts.idle - 1) < 1e-9);
  }
  assert.equal(shares({ ageUs: 1000, cost: cost({ loopUs: 250 }) }).idle, 0.75);
});

test("one that has ended stays grey for six seconds", () => {
  const table = new RequestTable();
  table.take(pulse([active("r1")]), 0);
  table.take(pulse([], [ended("r1")]), 1000);
  table.expire(1000 + GREY_MS);
  assert.deepEqual(ids(table, 1000 + GREY_MS), ["r1"]);
  table.expire(1001 + GREY_MS);
  assert.deepEqual(ids(table, 1001 + GREY_MS), []);
});

test("of those that ended the latest stands on top, also of one pulse", () => {
  const table = new RequestTable();
  table.take(pulse([active("r1"), active("r4")], [ended("r3", { endedAgoUs: 10 }), ended("r2", { endedAgoUs: 20 })]), 0);
  table.take(pulse([], [ended("r4", { endedAgoUs: 5 }), ended("r5", { endedAgoUs: 6 }), ended("r1", { endedAgoUs: 7 })]), 1000);
  assert.deepEqual(ids(table, 1000), ["r4", "r5", "r1", "r3", "r2"]);
});

test("one that ended long ago is not told as if it had just ended", () => {
  const table = new RequestTable();
  table.take(pulse([active("r1")]), 0);
  table.take(pulse([], [ended("r3", { endedAgoUs: 2e6 }), ended("r2", { endedAgoUs: 7e6 }), ended("r1", { endedAgoUs: 8e6 })]), 60000);
  assert.deepEqual(ids(table, 60000), ["r3"]);
  table.expire(60001 + GREY_MS - 2000);
  assert.deepEqual(ids(table, 64001), []);
});

test("one of which nothing was told for long ended nobody knows when", () => {
  const table = new RequestTable();
  table.take(pulse([active("r1")]), 0);
  table.take(pulse([]), 1001 + GREY_MS);
  assert.equal(table.get("r1"), undefined);
});

test("one that is not told of any more has ended", () => {
  const table = new RequestTable();
  table.take(pulse([active("r1"), active("r2")]), 0);
  table.take(pulse([active("r2")]), 1000);
  assert.equal(table.get("r1").state, "finished");
  assert.equal(table.get("r2").state, "active");
});

test("one that a pulse had no room for may still be in flight", () => {
  const table = new RequestTable();
  table.take(pulse([active("r1")]), 0);
  table.take(pulse([active("r2")], [], 500), 1000);
  assert.equal(table.get("r1").state, "active");
  table.take(pulse([active("r2")], [], 500), 1001 + GREY_MS);
  assert.equal(table.get("r1"), undefined);
});

test("those in flight stand first and keep their places", () => {
  const table = new RequestTable();
  table.take(pulse([active("r1"), active("r2")], [ended("r0")]), 0);
  table.take(pulse([active("r2"), active("r1"), active("r3")]), 1000);
  assert.deepEqual(ids(table, 1000), ["r1", "r2", "r3", "r0"]);
});

test("another order is kept within those in flight and those that ended", () => {
  const table = new RequestTable();
  table.take(pulse([active("r1", { ageUs: 5 }), active("r2", { ageUs: 9 })], [ended("r3", { durationUs: 99 })]), 0);
  assert.deepEqual(ids(table, 0, { by: "time", descending: true }), ["r2", "r1", "r3"]);
  assert.deepEqual(ids(table, 0, { by: "time", descending: false }), ["r1", "r2", "r3"]);
});

test("ages go on between two pulses, those of the ended do not", () => {
  assert.equal(ageUs({ ageUs: 1000, seenMs: 10 }, 12), 3000);
  assert.equal(ageUs({ durationUs: 7, seenMs: 10 }, 99), 7);
});

test("the table has a ceiling", () => {
  const table = new RequestTable();
  table.take(pulse(Array.from({ length: 5000 }, (_, at) => active(`r${at}`))), 0);
  assert.equal(ids(table, 0).length, 400);
});

test("live resources are shown beside those that were made", () => {
  const table = new RequestTable();
  table.take(pulse([active("r1"), active("r2")]), 0);
  table.takeLive([{ requestId: "r1", live: 3 }]);
  assert.deepEqual(table.rows({ by: "" }, 0).map((row) => row.live), [3, undefined]);
});

test("that there are none is known when a pulse has said so", () => {
  const table = new RequestTable();
  assert.equal(table.isKnown, false);
  table.take(pulse([]), 0);
  assert.equal(table.isKnown, true);
  table.clear();
  assert.equal(table.isKnown, false);
});

test("where there is no room what has ended makes it", () => {
  const table = new RequestTable();
  table.take(pulse([active("r1")]), 0);
  for (let at = 0; at < 5; at++)
    table.take(pulse([active("r1")], Array.from({ length: 100 }, (_, one) => ended(`r${at}${one + 10}`))), 1000 + at);
  assert.equal(ids(table, 1005).length, 400);
  assert.equal(ids(table, 1005)[0], "r1");
});
