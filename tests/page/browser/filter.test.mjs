// The filter, the address, pause, and the end of connections.
import assert from "node:assert/strict";
import { test } from "node:test";
import { badge, says, scene } from "./scene.mjs";

const it = await scene([], 3);

async function filter(page, text) {
  await page.locator("#filter").fill(text);
  await page.keyboard.press("Enter");
}

test("a filter is the address, and the address the filter", () => it.page("/debug#view=graph", { use: async (page) => {
  await page.locator("g.node", { hasText: "TCPSERVERWRAP" }).first().waitFor();
  await filter(page, "type=Timeout older_than=1ms");
  await page.waitForURL(/\?type=Timeout&older_than=1ms#view=graph$/);
  await page.locator("g.node", { hasText: "route_timer.c" }).first().waitFor();
  await page.locator("g.node", { hasText: "TCPSERVERWRAP" }).waitFor({ state: "detached" });
  await page.goBack();
  assert.equal(await page.locator("#filter").inputValue(), "");
  await page.locator("g.node", { hasText: "TCPSERVERWRAP" }).first().waitFor();
  await page.goForward();
  await page.reload();
  assert.equal(await page.locator("#filter").inputValue(), "type=Timeout older_than=1ms");
} }));

test("the filter chooses the requests, too", () => it.page("/debug", { use: async (page) => {
  const id = await it.held("requests", "requestId");
  await filter(page, `request=${id}`);
  await page.waitForFunction(() => document.querySelectorAll(".requests tbody tr").length === 1);
  assert.equal(await page.locator(".requests tbody tr").getAttribute("data-id"), id);
} }));

test("what is wrong with a filter is said where it is typed", () => it.page("/debug", { use: async (page) => {
  await filter(page, "colour=red");
  await says(page, "#filter-problem", "colour: not a filter");
} }));

test("what the API refuses is said, and then forgotten", () => it.page("/debug", {
  errors: [/status of 400/],
  use: async (page) => {
    await filter(page, "state=sleepy");
    await says(page, "#filter-problem", /state: .* queued/);
    await page.getByRole("button", { name: "Clear" }).click();
    await badge(page, "live");
    assert.equal(await page.locator("#filter-problem").textContent(), "");
  },
}));

/* Instead of those that there are, but for what the stream begins with. */
const warn = (page, ...warnings) => page.route("**/debug/warnings", (route) => route.fulfill({ json: { warnings: warnings.map((more, at) => (
  { code: `c${at}`, severity: "warn", message: "m", advice: "a", count: 1, ...more })) } }));

const warning = (page) => page.locator(".warnings li button", { hasText: "c0" });

test("a warning leads to what it is about, in one step that one can go back", async () => {
  const key = await it.held("resources", "key", "type=Timeout&");
  await it.page("/debug?type=Timeout#select=r1", {
    errors: [/status of 404/],
    prepare: (page) => warn(page, { site: { file: "a.c", line: 7 }, keys: [key, "4:1"] }),
    use: async (page) => {
      await warning(page).waitFor();
      const steps = await page.evaluate(() => history.length);
      await warning(page).click();
      await page.waitForURL((url) => url.search === "?site=a.c:7" && url.hash === `#view=graph&select=${key}`);
      assert.equal(await page.evaluate(() => history.length), steps + 1);
      await page.goBack();
      await page.waitForURL((url) => url.search === "?type=Timeout" && url.hash === "#select=r1");
      assert.equal(await page.locator("#filter").inputValue(), "type=Timeout");
    },
  });
});

test("a warning that names no one place leaves the filter as it is", () => it.page("/debug?type=Timeout", {
  prepare: (page) => warn(page, {}),
  use: async (page) => {
    await warning(page).click();
    await page.waitForURL((url) => url.hash === "#view=graph");
    assert.equal(new URL(page.url()).search, "?type=Timeout");
    assert.equal(await page.locator("#filter").inputValue(), "type=Timeout");
  },
}));

test("a curl of what is seen answers the same", () => it.page("/debug?type=Timeout#view=graph", {
  permissions: ["clipboard-read", "clipboard-write"],
  use: async (page) => {
    await page.getByRole("button", { name: "Copy as curl" }).click();
    await says(page, ".filter button", "Copied");
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(text, `curl -s '${it.server.debug}/debug/resources?type=Timeout'`);
    const answer = await it.server.json("/debug/resources?type=Timeout");
    assert.ok(answer.resources.every((resource) => resource.type === "Timeout"));
  },
}));

const streamEnds = (page) => page.waitForEvent("requestfailed", (request) => request.url().includes("/debug/events"));

/* What the page asks for from here on, as far as it was asked before the answer is
 * made. */
function listen(page) {
  const asked = [];
  const note = (request) => asked.push(new URL(request.url()).pathname);
  page.on("request", note);
  return async () => {
    await page.evaluate(() => fetch("/debug/icon.svg"));
    page.off("request", note);
    return asked.filter((path) => path !== "/debug/icon.svg");
  };
}

/* The longest time between two questions: data/duty.js. */
const ALL_ARE_DUE_MS = 61000;

test("a page that is paused stands still and asks for nothing", () => it.page("/debug", {
  prepare: (page) => page.clock.install(),
  use: async (page) => {
    await badge(page, "live");
    await page.locator("tr.ended").first().waitFor();
    await Promise.all([streamEnds(page), page.getByRole("button", { name: "Pause" }).click()]);
    await badge(page, "paused");
    const asked = listen(page);
    const rows = await page.locator(".requests tbody").textContent();
    await it.load.get("/hello");
    await page.clock.fastForward(ALL_ARE_DUE_MS);
    await page.clock.runFor(1000);
    assert.deepEqual(await asked(), []);
    assert.equal(await page.locator(".requests tbody").textContent(), rows);
    await Promise.all([page.waitForRequest(/debug\/events/), page.getByRole("button", { name: "Go on" }).click()]);
    await badge(page, "live");
  },
}));

test("what was not seen before a pause says so, and another filter goes on", () => it.page("/debug", { use: async (page) => {
  await badge(page, "live");
  await page.getByRole("button", { name: "Pause" }).click();
  for (const view of ["Graph", "Threads"]) {
    await page.getByRole("tab", { name: view }).click();
    await says(page, ".view:not([hidden]) .note", "paused before this was looked at");
  }
  await filter(page, "type=Timeout");
  await badge(page, "live");
  await says(page, ".lane", /loop-0/);
} }));

test("a hidden page closes its stream and goes on from where it was", () => it.page("/debug", { use: async (page) => {
  await badge(page, "live");
  await page.locator("tr.ended").first().waitFor();
  const hide = (hidden) => page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
  await Promise.all([streamEnds(page), hide(true)]);
  const [again] = await Promise.all([page.waitForRequest((request) => request.url().includes("/debug/events")), hide(false)]);
  assert.match(again.headers()["last-event-id"] ?? "", /^\d+:\d/);
  await badge(page, "live");
} }));

test("after the server was started anew the page shows the new one", () => it.page("/debug", {
  errors: [/ERR_CONNECTION|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|Failed to load/],
  use: async (page) => {
    await badge(page, "live");
    const before = it.server.child.pid;
    await says(page, ".program", `pid ${before}`);
    await it.server.stop("SIGKILL");
    await badge(page, "down");
    await it.server.restart();
    await badge(page, "live");
    await says(page, ".program", `pid ${it.server.child.pid}`);
    assert.notEqual(it.server.child.pid, before);
  },
}));
