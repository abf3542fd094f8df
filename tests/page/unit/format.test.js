import assert from "node:assert/strict";
import { test } from "node:test";
import { agedUs, bytes, count, cutText, duration, durationText, shortCount, siteShort, widthOf } from "../../../web/data/format.js";

test("a time has three digits at most and the unit of its size", () => {
  const cases = [[0, "0 µs"], [999, "999 µs"], [1000, "1.00 ms"], [12340, "12.3 ms"], [999400, "999 ms"],
    [1e6, "1.00 s"], [59e6, "59.0 s"], [61e6, "1.02 min"], [2 * 3600e6, "2.00 h"]];
  for (const [us, text] of cases) assert.equal(durationText(us), text);
});

test("the magnitude of a time names the colour of its unit", () => {
  assert.deepEqual([5, 5e3, 5e6, 5 * 60e6, 5 * 3600e6].map((us) => duration(us).magnitude), ["us", "ms", "s", "m", "h"]);
});

test("thousands are set apart by spaces that do not break", () => {
  assert.equal(count(999), "999");
  assert.equal(count(1234567), "1\u202f234\u202f567");
});

test("short numbers stay short", () => {
  assert.deepEqual([7, 999, 1234, 12345, 1234567].map(shortCount), ["7", "999", "1.2k", "12k", "1.2M"]);
  assert.equal(bytes(2048), "2.0 KiB");
});

test("a site is its file and line", () => {
  assert.equal(siteShort({ file: "server/app/a.c", line: 7 }), "a.c:7");
  assert.equal(siteShort(undefined), "");
});

test("a text is cut where its room ends, and not through a letter", () => {
  assert.equal(cutText("HTTPINCOMINGMESSAGE", widthOf("HTTPINCOMINGMESSAGE")), "HTTPINCOMINGMESSAGE");
  assert.equal(cutText("abcdef", widthOf("abc…")), "abc…");
  assert.equal(cutText("a\u{1f600}b", widthOf("a…") + 1), "a…");
  for (const text of ["", "WWWWWWWW", "iiiiiiiiiiiiiiii", "\u{1f600}\u{1f600}\u{1f600}\u{1f600}"])
    assert.ok(widthOf(cutText(text, 40)) <= 40);
});

test("an age goes on for as long again as it was told, not longer", () => {
  assert.equal(agedUs(1000, 400), 1400);
  assert.equal(agedUs(1000, 5000), 2000);
  assert.equal(agedUs(1000, -1), 1000);
});
