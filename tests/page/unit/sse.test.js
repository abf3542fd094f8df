import assert from "node:assert/strict";
import { test } from "node:test";
import { EventParser } from "../../../web/data/sse.js";

const STREAM = "retry: 500\n\nevent: a\nid: 1:2\ndata: {\"x\":1\ndata: ,\"y\":2}\n\n: ping\n\ndata:z\n\n";

test("events come out of pieces of any size as they do of the whole", () => {
  const whole = new EventParser().push(STREAM);
  assert.deepEqual(whole, [{ event: "a", data: '{"x":1\n,"y":2}', id: "1:2" }, { event: "message", data: "z", id: "1:2" }]);
  for (let size = 1; size < STREAM.length; size++) {
    const parser = new EventParser();
    const events = [];
    for (let at = 0; at < STREAM.length; at += size) events.push(...parser.push(STREAM.slice(at, at + size)));
    assert.deepEqual(events, whole, `in pieces of ${size}`);
  }
});

test("lines may end in any of the three ways", () => {
  const events = new EventParser().push("data: a\r\n\r\ndata: b\r\rx");
  assert.deepEqual(events.map((event) => event.data), ["a", "b"]);
});

test("the time to wait is the server's", () => {
  const parser = new EventParser();
  parser.push("retry: 500\nretry: x\n\n");
  assert.equal(parser.retryMs, 500);
});

test("an event without data is none", () => {
  assert.deepEqual(new EventParser().push("event: a\n\n"), []);
});
