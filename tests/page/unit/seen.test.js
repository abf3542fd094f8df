import assert from "node:assert/strict";
import { test } from "node:test";
import { isKnown, seenText } from "../../../web/data/seen.js";

const poll = (more) => ({ answeredMs: 1000, everyMs: 1000, problem: "", ...more });

test("what is asked for often needs no age", () => {
  assert.equal(seenText(poll(), 1500), "");
});

test("what is asked for seldom says how old it is, and when it is new", () => {
  assert.equal(seenText(poll({ everyMs: 40000 }), 11000), "seen 10 s ago, next in 30 s");
  assert.equal(seenText(poll({ everyMs: 40000 }), 51000), "seen 50 s ago");
});

test("what is not answered says why, and how old it is where it was", () => {
  assert.equal(seenText(poll({ answeredMs: 0 }), 1000), "");
  assert.equal(seenText(poll({ answeredMs: 0, problem: "too busy" }), 1000), "not seen: too busy");
  assert.equal(seenText(poll({ problem: "too busy" }), 5000), "seen 4 s ago, then: too busy");
});

test("only what was answered is known", () => {
  assert.equal(isKnown(poll()), true);
  assert.equal(isKnown(poll({ answeredMs: 0 })), false);
  assert.equal(isKnown(poll({ problem: "too busy" })), false);
});
