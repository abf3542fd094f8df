import assert from "node:assert/strict";
import { test } from "node:test";
import { curl, filterOfQuery, filterQuery, filterText, parseFilter, streamQuery, target } from "../../../web/data/filter.js";
import seen from "../../../server/debug/seen.h";

test("bar, address and query say the same, there and back", () => {
  const { filter, problem } = parseFilter(" type=TCP*,Timeout   older_than=10s&site=a.c:88 ");
  assert.equal(problem, "");
  assert.equal(filterText(filter), "type=TCP*,Timeout older_than=10s site=a.c:88");
  assert.equal(filterQuery(filter), "type=TCP*,Timeout&older_than=10s&site=a.c:88");
  assert.deepEqual(filterOfQuery(filterQuery(filter)), filter);
});

test("a word alone is a type", () => {
  assert.deepEqual(parseFilter("Timeout").filter, new Map([["type", "Timeout"]]));
});

test("what is no filter is named", () => {
  assert.match(parseFilter("colour=red").problem, /^colour: not a filter; there are type, /);
  assert.match(parseFilter("type=").problem, /type: has no value/);
});

test("what has a meaning in an address does not keep it", () => {
  const { filter } = parseFilter("site=a#b?c%2520");
  assert.equal(filterQuery(filter), "site=a%23b%3Fc%2520");
  assert.deepEqual(filterOfQuery("type=a%26b").get("type"), "a&b");
  assert.equal(filterOfQuery("type=a&format=html&limit=3").size, 1);
});

test("an endpoint is asked for no more than it takes", () => {
  const { filter } = parseFilter("type=A thread=loop-0");
  assert.equal(target("/debug/runs", "runs", filter, { seconds: 10 }), "/debug/runs?thread=loop-0&seconds=10");
  assert.equal(target("/debug/resources", "resources", filter), "/debug/resources?type=A&thread=loop-0");
  assert.equal(target("/x", "none", filter), "/x");
});

test("a curl survives a shell", () => {
  assert.equal(curl("http://h:1", "/debug?a=it's", false), "curl -s 'http://h:1/debug?a=it'\\''s'");
  assert.match(curl("http://h:1", "/debug", true), /Authorization: Bearer \$TOKEN/);
});

test("the stream lists what it is to tell the changes of, where events do not", () => {
  assert.equal(streamQuery(parseFilter("type=A thread=loop-0").filter).limit, 1);
  for (const text of ["state=idle", "trigger=1:2", "root=1:2", "older_than=1s", "ref=0"])
    assert.equal(streamQuery(parseFilter(text).filter).limit, Number(/DEBUG_SEEN_MAX (\d+)/.exec(seen)[1]));
});

test("a value with a blank in it is the same one after it was looked at and set again", () => {
  for (const value of ["my files/a b.c:12", "A&state=idle", "100%41", "50% %zz", "%", "tab\there", "größe"]) {
    const filter = new Map([["site", value], ["state", "idle"]]);
    assert.deepEqual(parseFilter(filterText(filter)), { filter, problem: "" });
    assert.deepEqual(filterOfQuery(filterQuery(filter)), filter);
  }
});
