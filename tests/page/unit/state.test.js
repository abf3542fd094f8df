import assert from "node:assert/strict";
import { test } from "node:test";
import { badgeOf, stuckThreads } from "../../../web/data/badge.js";
import { pauseMs, SELDOM } from "../../../web/data/duty.js";
import { familyOf } from "../../../web/data/palette.js";
import { filterOfWarning, nameWarnings, sortWarnings, warningsOf } from "../../../web/data/warnings.js";

const state = (more = {}) => ({ connection: "open", paused: false, lastMs: 0, pulse: { threads: [] }, dropped: false, ...more });
const loop = (sinceUs) => ({ threads: [{ kind: "loop", name: "loop-2", current: { sinceUs } }] });

test("the badge says the worst that is known", () => {
  const cases = [
    [state(), "live"], [state({ dropped: true }), "dropped"], [state({ paused: true }), "paused"],
    [state({ connection: "connecting" }), "down"], [state({ connection: "locked", paused: true }), "down"],
    [state({ connection: "refused" }), "down"], [state({ connection: "connecting", refusal: "others are reading it" }), "down"],
    [state({ pulse: loop(900000), dropped: true }), "stuck"],
  ];
  for (const [each, kind] of cases) assert.equal(badgeOf(each, 0).kind, kind);
});

test("a loop that is stuck is named, and its time goes on", () => {
  assert.equal(badgeOf(state({ pulse: loop(900000) }), 1000).text, "loop-2 stuck for 1.9 s");
  assert.deepEqual(stuckThreads(loop(1000)), []);
  assert.deepEqual(stuckThreads({ threads: [{ kind: "worker", name: "pool-0", current: { sinceUs: 9e6 } }] }), []);
});

test("silence is told apart from a lost connection", () => {
  assert.equal(badgeOf(state(), 9000).text, "no answer for 9 s");
});

test("a question that costs more is asked less often, within bounds", () => {
  assert.equal(pauseMs(0, 0), 1000);
  assert.equal(pauseMs(5000, 0), 20000);
  assert.equal(pauseMs(0, 250000), 20000);
  assert.equal(pauseMs(0, 0, 150000), 20000);
  assert.equal(pauseMs(5000, 0, 150000), 20000);
  assert.equal(pauseMs(5000, 0, 150000, SELDOM), 40000);
  assert.equal(pauseMs(1e9, 0), 60000);
});

test("a type has the colour of its family, and always the same one", () => {
  assert.equal(familyOf("TCPWRAP"), "net");
  assert.equal(familyOf("HTTPINCOMINGMESSAGE"), "http");
  assert.equal(familyOf("MYTHING"), familyOf("MYTHING"));
  assert.match(familyOf(undefined), /^other/);
});

test("a warning leads to what it is about", () => {
  assert.deepEqual(filterOfWarning({ requestId: "r3", keys: [] }), new Map([["request", "r3"]]));
  assert.deepEqual(filterOfWarning({ site: { file: "a.c", line: 3 }, keys: [] }), new Map([["site", "a.c:3"]]));
  assert.deepEqual(filterOfWarning({ keys: ["1:2"] }), new Map([["root", "1:2"]]));
  assert.equal(filterOfWarning({ keys: ["1:2", "1:3"] }), null);
});

test("warnings stand by weight, and find what they name", () => {
  const list = [{ code: "a", severity: "warn", count: 9, keys: ["1:2"] }, { code: "b", severity: "error", count: 1, requestId: "r7" }];
  assert.deepEqual(sortWarnings(list).map((warning) => warning.code), ["b", "a"]);
  assert.deepEqual(warningsOf(list, "1:2").map((warning) => warning.code), ["a"]);
  assert.deepEqual(warningsOf(list, "r7").map((warning) => warning.code), ["b"]);
});

test("why a connection is refused is said", () => {
  assert.match(badgeOf(state({ connection: "refused" }), 0).text, /see the filter/);
  assert.equal(badgeOf(state({ connection: "connecting", refusal: "others are reading it" }), 0).why, "others are reading it");
});

test("no two warnings have one name, and each keeps its own", () => {
  const at = (file) => ({ code: "loop-blocked", site: { file, line: 1 } });
  const names = (list) => nameWarnings(list).map(({ name }) => name);
  assert.deepEqual(names([at("a/x.c"), at("b/x.c")]), names([at("b/x.c"), at("a/x.c")]).reverse());
  assert.equal(new Set(names([{ code: "c" }, { code: "c" }, at("a/x.c"), at("a/x.c")])).size, 4);
});
