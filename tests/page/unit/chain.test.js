import assert from "node:assert/strict";
import { test } from "node:test";
import schema from "../../../docs/debug.schema.json";
import { endOfChain } from "../../../web/data/chain.js";

const ENDS = schema.$defs.whyAnswer.properties.end.enum;

test("each end that a chain can have is told in words, each in others", () => {
  const told = ENDS.map(endOfChain);
  assert.ok(ENDS.length > 0);
  for (const words of told) assert.ok(words.includes(" "), words);
  assert.equal(new Set(told).size, ENDS.length);
});
