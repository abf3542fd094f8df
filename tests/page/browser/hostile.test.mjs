// What a page is told that is meant to harm it, and what happens to it at bad
// times. Where the stream is one that a test made up, it says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { badge, says, scene } from "./scene.mjs";

const it = await scene([], 3);

/* A stream of these events that ends then; each call of the page gets the next
 * one of `streams`, and after the last one nothing. */
function tell(page, streams) {
  let told = 0;
  return page.route("**/debug/events*", (route) => (told < streams.length
    ? route.fulfill({ contentType: "text/event-stream", body: streams[told++] }) : undefined));
}

const event = (name, id, data) => `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
const snapshot = (program) => event("snapshot", `${program}:0.0`, {
  process: { pid: 1, command: "one" }, warnings: [],
});
const point = (number, byType) => ({
  number, atUs: (number + 1) * 1e6, spanUs: 1e6, live: 5, byType, finished: number, failed: 0,
  lagP99Us: 1500, lagMaxUs: 20000, utilization: 0.25, poolActive: 0, poolQueued: 0,
});
const pulse = (program, { numbers = [0], byType = { A: 5 }, ...more }) => event("pulse", `${program}:0.1`, {
  uptimeUs: 1e6, missedEvents: 0, stale: false, counts: { live: 5, byType }, requestCounts: { active: 0, finished: 0, failed: 0 },
  requests: [], finished: [], threads: [], pools: [], seconds: numbers.map((number) => point(number, byType)), minutes: [], ...more,
});
const noHistory = (page) => page.route("**/debug/history", (route) => route.fulfill({ json: { process: { pid: 1 }, seconds: [], minutes: [] } }));

test("a program that was started anew is another one, also with the pid of the one before", () => it.page("/debug#view=charts", {
  prepare: async (page) => {
    await noHistory(page);
    await tell(page, [snapshot(7) + pulse(7, { numbers: [5000, 5001] }), snapshot(8) + pulse(8, { numbers: [2, 3, 4] })]);
  },
  use: (page) => says(page, "figure", /Requests per second4/),
}));

test("charts of a program that is younger than a minute say that the first point is to come", () => it.page("/debug#view=charts", {
  prepare: async (page) => {
    await noHistory(page);
    await tell(page, [snapshot(7) + pulse(7, {})]);
  },
  use: async (page) => {
    await page.getByRole("button", { name: "60 minutes" }).click();
    await says(page, "#view-charts .note", "a point for each minute");
  },
}));

test("types that are called what objects have by themselves are charted", () => it.page("/debug#view=charts", {
  prepare: async (page) => {
    await noHistory(page);
    await tell(page, [snapshot(7) + pulse(7, { numbers: [0] }) +
      pulse(7, { numbers: [1, 2], byType: JSON.parse('{"__proto__": 3, "toString": 2}') })]);
  },
  use: async (page) => {
    await says(page, "figure", "__proto__ 3");
    const paths = await page.locator(".chart .area").evaluateAll((areas) => areas.map((area) => area.getAttribute("d")));
    assert.ok(paths.length >= 2 && paths.every((path) => !path.includes("NaN")), paths.join("\n"));
  },
}));

/* An answer that was so dear that the next one would be asked for in a minute. */
async function makeDear(route) {
  const answer = await (await route.fetch()).json();
  await route.fulfill({ json: { ...answer, snapshot: { ...answer.snapshot, buildUs: 1e7 } } });
}

const NAMES = ["<img src=x onerror=alert(1)>", "\u202egpj.exe", "</script><script>alert(1)</script>", "'\"`;&lt;", "x".repeat(64)];
const row = (name, at) => ({
  requestId: `r${at + 1}`, name, state: "active", ageUs: 1000, cost: { loopUs: 1, workerUs: 0, queueUs: 0, resources: 1, bytesIn: 0, bytesOut: 0 },
});
const where = (name) => ({ file: name, line: 1, function: name });

test("names are text in every view, whatever is in them", () => it.page("/debug", {
  prepare: async (page) => {
    const current = (name) => ({ key: "4:1", type: name, name, sinceUs: 900000, requestId: "r1", site: where(name) });
    await tell(page, [snapshot(7) + pulse(7, { byType: Object.fromEntries(NAMES.map((name) => [name, 1])), requests: NAMES.map(row),
      requestCounts: { active: 5, finished: 0, failed: 0 }, threads: NAMES.map((name, thread) => ({ thread, name, kind: "loop", current: current(name) })) })]);
    await noHistory(page);
    await page.route("**/debug/graph*", (route) => route.fulfill({ json: { process: { pid: 1 }, graph: { groupBy: "none", matched: 5, truncated: false },
      nodes: NAMES.map((name, at) => ({ id: `4:${at + 1}`, type: name, name, state: "idle", ageUs: 5, site: where(name) })), links: [] } }));
    await page.route("**/debug/warnings", (route) => route.fulfill({ json: { warnings: NAMES.map((name) => (
      { code: name, severity: "warn", message: name, advice: name, count: 1, keys: ["4:1"], site: where(name) })) } }));
    await page.route("**/debug/runs*", (route) => route.fulfill({ json: { process: { pid: 1, uptimeUs: 1e6 },
      threads: NAMES.map((name, thread) => ({ thread, name, kind: "loop", leftOut: 0, runs: [{ key: "4:1", type: name, startUs: 9e5, runUs: 5e4 }] })) } }));
  },
  use: async (page) => {
    const texts = async (selector) => (await page.locator(selector).allTextContents()).join("\n");
    await page.locator("tr[data-id=r5]").waitFor();
    for (const name of NAMES) assert.ok((await texts("tr .name")).includes(name), name);
    await page.locator(".warnings li").nth(NAMES.length - 1).waitFor();
    for (const name of NAMES) assert.ok((await texts(".warnings li")).includes(name), name);
    await page.getByRole("tab", { name: "Graph" }).click();
    await page.locator("g.node").nth(NAMES.length - 1).waitFor();
    assert.ok((await texts("g.node .title")).includes("<img src=x"));
    await page.getByRole("tab", { name: "Threads" }).click();
    await page.locator(".lane").nth(NAMES.length - 1).waitFor();
    await says(page, ".lane .now", NAMES[0]);
    const [fold, since] = await page.locator(".lane .now", { hasText: "gpj.exe" }).evaluate((line) => {
      const at = (text) => {
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        while (walker.nextNode() && !walker.currentNode.data.includes(text));
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        return range.getBoundingClientRect().left;
      };
      return [at("gpj.exe"), at("since")];
    });
    assert.ok(fold < since);
    assert.equal(await page.locator(".view img, .warnings img, .view script").count(), 0);
  },
}));

test("the stack of a thread that waits by now is not shown", () => it.page("/debug#view=threads", {
  prepare: async (page) => {
    const entries = [1, 2].map((at) => ({ key: `4:${at}`, type: "Timeout" }));
    await tell(page, [snapshot(7) + pulse(7, { threads: [{ thread: 1, name: "one", kind: "loop", current: { key: "4:1", sinceUs: 9 } }, { thread: 2, name: "two", kind: "loop" }] })]);
    await page.route("**/debug/runs*", (route) => route.fulfill({ json: { process: { pid: 1, uptimeUs: 1e6 },
      threads: [1, 2].map((thread) => ({ thread, name: `loop ${thread}`, kind: "loop", leftOut: 0, runs: [] })) } }));
    await page.route("**/debug/threads*", (route) => route.fulfill({ json: { threads: [1, 2].map((thread) => (
      { thread, osTid: 1, counts: { live: 0 }, asyncIds: [], requestIds: [], stack: entries })) } }));
  },
  use: async (page) => {
    await page.locator(".lane .stack").nth(0).waitFor();
    assert.equal(await page.locator(".lane .stack").nth(1).isVisible(), false);
  },
}));

/* An age goes on for as long again as it was told: long enough for a slow machine. */
async function makeDearAndOld(route) {
  const text = await (await route.fetch()).text();
  const answer = JSON.parse(text, (name, value) => (name === "ageUs" ? 5e7 : value));
  await route.fulfill({ json: { ...answer, snapshot: { ...answer.snapshot, buildUs: 1e7 } } });
}

for (const [what, kind, member, query, selector] of [
  ["the age of what is selected", "resources", "key", "type=TCPSERVERWRAP&", ".detail dd"],
  ["the age of what is on its way there", "resources", "key", "type=Timeout&", ".detail .chain .where"],
  ["the time of a request", "requests", "requestId", "", ".detail dd"],
  ["the age of what lives for a request", "requests", "requestId", "", ".detail .holders .where"],
])
  test(`${what} goes on between two answers`, () => it.page("/debug", {
    prepare: (page) => page.route(new RegExp(`debug/${kind}/[^?]+\\?`), makeDearAndOld),
    use: async (page) => {
      const id = await it.held(kind, member, query);
      const asked = [];
      page.on("request", (request) => { if (request.url().includes(`/debug/${kind}/${id}?`)) asked.push(request.url()); });
      await page.evaluate((to) => { location.hash = `select=${to}`; }, id);
      const age = page.locator(selector, { has: page.locator(".time") }).first();
      const before = await age.textContent();
      await page.waitForFunction(([of, text]) => ![...document.querySelectorAll(of)].some((one) => one.textContent === text),
        [selector, before], { timeout: 50000 });
      assert.equal(asked.length, 1);
    },
  }));

/* Two that a short name cannot tell apart. */
test("two warnings of one kind and place are two", () => it.page("/debug", {
  prepare: (page) => page.route("**/debug/warnings", (route) => route.fulfill({ json: { warnings: ["a/x.c", "b/x.c"].map((file, at) => (
    { code: "loop-blocked", severity: "error", message: "stuck", advice: "look", count: 1, keys: [`4:${at + 1}`], site: where(file) })) } })),
  use: (page) => page.locator(".warnings li").nth(1).waitFor(),
}));

test("a step back to another view asks each thing once, and loses nothing", () => it.page("/debug", { use: async (page) => {
  await badge(page, "live");
  await page.locator("tr.ended").first().waitFor();
  await page.evaluate(() => {
    const body = document.querySelector(".requests tbody");
    globalThis.wasEmpty = false;
    new MutationObserver(() => { globalThis.wasEmpty ||= body.childElementCount === 0; }).observe(body, { childList: true });
  });
  await page.getByRole("tab", { name: "Graph" }).click();
  await page.locator("g.node").first().waitFor();
  await page.getByRole("tab", { name: "Charts" }).click();
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await Promise.all([page.waitForResponse(/debug\/graph/), page.goBack()]);
  await page.goBack();
  await page.locator("tr.ended").first().waitFor();
  assert.equal(await page.evaluate(() => globalThis.wasEmpty), false);
  assert.equal(asked.filter((path) => path === "/debug/events").length, 0);
} }));

test("a storm of steps back and forward ends where it ends, with one question left", () => it.page("/debug", { use: async (page) => {
  await badge(page, "live");
  for (const view of ["Graph", "Threads", "Charts", "Graph"]) await page.getByRole("tab", { name: view }).click();
  await page.evaluate(() => new Promise((resolve) => {
    let left = 60;
    addEventListener("popstate", () => (--left === 0 ? resolve() : step()));
    const step = () => history.go(left % 2 === 0 ? -3 : 3);
    step();
  }));
  await page.locator("g.node").first().waitFor();
  assert.equal(new URL(page.url()).hash, "#view=graph");
  assert.equal(await page.locator(".view:not([hidden])").count(), 1);
  await badge(page, "live");
} }));

test("what is not asked for any more is not applied: Esc leaves the filter as it was", () => it.page("/debug", { use: async (page) => {
  await badge(page, "live");
  await page.keyboard.press("/");
  await page.keyboard.type("type=Zz");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#filter").inputValue(), "");
  await page.keyboard.press("2");
  await page.locator("g.node").first().waitFor();
  assert.equal(new URL(page.url()).search, "");
} }));

test("where the browser keeps nothing for a page it shows everything all the same", () => it.page("/debug", {
  prepare: (page) => page.addInitScript(() => Object.defineProperty(globalThis, "sessionStorage", { get() { throw new DOMException("no", "SecurityError"); } })),
  use: (page) => badge(page, "live"),
}));

const REFUSED = { status: 503, contentType: "text/plain", body: "debug: others are reading it, try again\n" };

test("a stream for which there is no room is asked for again, and the page says why", () => {
  let refusals = 2;
  return it.page("/debug", {
    errors: [/status of 503/],
    prepare: (page) => page.route("**/debug/events*", (route) => (refusals-- > 0 ? route.fulfill(REFUSED) : route.fallback())),
    use: async (page) => {
      await says(page, ".live-badge", "refused, trying again");
      assert.match(await page.locator(".live-badge").getAttribute("title"), /others are reading it/);
      await badge(page, "live");
    },
  });
});

const NOTHING = ".view:not([hidden]) .empty:visible, .warnings .none:visible";

test("of what is not answered the page says why, and not that there is nothing", () => {
  let refuse;
  const refused = new Promise((resolve) => { refuse = resolve; });
  return it.page("/debug", {
    errors: [/status of 503/],
    prepare: (page) => page.route(/debug\/(events|history|warnings|graph|runs|threads|requests)/, async (route) => {
      await refused;
      await route.fulfill(REFUSED);
    }),
    use: async (page) => {
      const said = async () => (await page.locator(NOTHING).allTextContents()).join();
      const look = async (view, ready) => {
        await page.getByRole("tab", { name: view }).click();
        await page.locator(`.view:not([hidden])[id=view-${view.toLowerCase()}]`).waitFor();
        await ready?.();
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
        assert.equal(await said(), "", view);
      };
      for (const view of ["Requests", "Graph", "Threads", "Charts"]) await look(view);
      refuse();
      const why = () => says(page, ".view:not([hidden]) .note", "not seen: debug: others are reading it");
      await says(page, ".warnings .note", "not seen: debug: others are reading it");
      await look("Graph", why);
      await look("Threads", why);
      await says(page, ".live-badge", "refused, trying again");
      await look("Requests");
      await look("Charts");
    },
  });
});

test("what was seen and is not answered any more is not nothing", () => {
  let asked = 0;
  return it.page("/debug#view=graph", {
    errors: [/status of 503/],
    prepare: (page) => page.route("**/debug/graph*", (route) => (asked++ === 0
      ? route.fulfill({ json: { process: { pid: 1 }, graph: { groupBy: "none", matched: 0, truncated: false }, nodes: [], links: [] } }) : route.fulfill(REFUSED))),
    use: async (page) => {
      await says(page, ".view:not([hidden]) .empty", "Nothing lives here");
      await says(page, ".graph-view .note", /^seen \d+ s ago, then: debug: others are reading it/);
      assert.equal(await page.locator(NOTHING).filter({ hasText: "Nothing lives" }).count(), 0);
    },
  });
});

test("the graph of many is in groups at once, and says how old it is", async () => {
  const { server: many } = await scene();
  await fetch(`${many.url}/leak?count=2000&ms=3600000`);
  await it.page("/debug#view=graph", { at: many.debug, prepare: (page) => page.route("**/debug/graph*", makeDear), use: async (page) => {
    const age = () => page.locator("g.node.group .age").first().textContent();
    await page.locator("g.node.group", { hasText: "×2" }).first().waitFor({ timeout: 45000 });
    await says(page, ".graph-view .note", /seen \d+ s ago, next in \d+ s/);
    const before = await age();
    await page.waitForFunction((text) => document.querySelector("g.node.group .age").textContent !== text, before, { timeout: 45000 });
  } });
});

test("a filter that events do not tell is kept up with at 100,000", async () => {
  const { server: many } = await scene();
  for (let left = 10; left > 0; left--) await fetch(`${many.url}/leak?count=10000&ms=3600000`);
  await it.page("/debug?older_than=1ms#view=graph", { at: many.debug, use: async (page) => {
    await badge(page, "live");
    await page.locator("g.node.group").first().waitFor();
    await says(page, ".graph-view .note", /100\u202f00\d live resources/);
  } });
});
