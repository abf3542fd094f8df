import assert from "node:assert/strict";
import { test } from "node:test";
import { formatFragment, parseFragment, selectionKind } from "../../../web/data/address.js";

test("a fragment holds view and selection, there and back", () => {
  const state = { view: "graph", selected: "4:17", token: "" };
  assert.deepEqual(parseFragment(formatFragment(state)), state);
  assert.equal(formatFragment({ view: "requests", selected: "" }), "");
});

test("a token is read and never written", () => {
  const state = parseFragment("#token=a%20b&request=r9");
  assert.equal(state.token, "a b");
  assert.equal(state.selected, "r9");
  assert.equal(formatFragment(state), "#select=r9");
});

test("what makes no sense is left out", () => {
  assert.deepEqual(parseFragment("#view=cellar&select=<b>"), { view: "requests", selected: "", token: "" });
  assert.equal(selectionKind("r9x"), "");
});
