import assert from "node:assert/strict";
import { test } from "node:test";
import { lostNearBursts, windowsOf } from "../../bench/page_bursts.mjs";

/* A second of windows of 50 requests, 10 us each, with a burst in the middle one;
 * `more(at)` is what a request takes besides, `at` windows from it. */
function second(more = () => 0) {
  return [...Array(100).keys()].map((at) => ({
    requests: 50, program: 50 * (10000 + more(at - 50)), debug: at === 50 ? 1e6 : 0,
  }));
}

test("samples are told apart by what happened between them", () => {
  assert.deepEqual(windowsOf([{ requests: 1, program: 5, debug: 0 }, { requests: 4, program: 9, debug: 2 }]),
    [{ requests: 3, program: 4, debug: 2 }]);
});

test("where a burst costs nothing nothing is lost", () => {
  assert.deepEqual(lostNearBursts([...second(), ...second()]), { bursts: 2, share: 0, error: 0 });
});

test("what a burst costs the requests near it is a share of all", () => {
  const windows = [...Array(3)].flatMap(() => second((at) => (at >= 0 && at <= 3 ? 2500 : 0)));
  const { share, error } = lostNearBursts(windows);
  assert.ok(Math.abs(share - 0.01 / 1.01) < 1e-9 && error < 1e-9, `${share} ${error}`);
});

test("a machine that turns slower from one second to the next is not the page's", () => {
  const { share, error } = lostNearBursts([...second(), ...second(() => 5000), ...second()]);
  assert.ok(Math.abs(share) < 1e-9 && error < 1e-9, `${share} ${error}`);
});

test("a load that stalls, and comes at once then, is not the page's", () => {
  const stalled = second();
  for (let at = 55; at < 60; at++) Object.assign(stalled[at], { requests: 0, program: 3000 });
  Object.assign(stalled[60], { requests: 300, program: 300 * 7000 });
  const { share, error } = lostNearBursts([...second(), ...stalled, ...second()]);
  assert.ok(Math.abs(share) < 1e-9 && error < 1e-9, `${share} ${error}`);
});

test("bursts that differ leave room", () => {
  const dear = second((at) => (at === 0 ? 10000 : 0));
  assert.ok(lostNearBursts([...dear, ...second(), ...dear, ...second()]).error > 0.005);
});

test("bursts one behind the other are one, and what is near one is not around another", () => {
  const windows = second((at) => (at >= 0 && at <= 14 ? 2500 : 0));
  windows[52].debug = windows[61].debug = 1e6;
  const { bursts, share } = lostNearBursts([...windows, ...second()]);
  assert.equal(bursts, 3);
  assert.ok(share > 0.01 * 0.5, share);
});
