// What somebody is at stays where it is while the program goes on: its text, its
// focus, the button that is pressed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { says, scene } from "./scene.mjs";
import { Server } from "./server.mjs";

const it = await scene(["--loops", "2"], 3);

/* So many pulses more are shown. */
async function pulses(page, times) {
  for (; times > 0; times--) {
    const before = await page.locator(".uptime").textContent();
    await page.waitForFunction((text) => document.querySelector(".uptime").textContent !== text, before);
  }
}

test("what is known of one stays as it is while text of it is selected", () => it.page("/debug", {
  prepare: (page) => page.clock.install(),
  use: async (page) => {
    const id = await it.held("requests", "requestId");
    await page.evaluate((to) => { location.hash = `select=${to}`; }, id);
    const code = page.locator(".detail dd code").first();
    await code.waitFor();
    const text = await code.evaluate((element) => {
      getSelection().selectAllChildren(element);
      return String(getSelection());
    });
    const isAsked = (request) => request.url().includes(`/debug/requests/${id}?`);
    const asked = [];
    page.on("request", (request) => { if (isAsked(request)) asked.push(request.url()); });
    await page.clock.fastForward(60000);
    await pulses(page, 2);
    assert.deepEqual(asked, []);
    assert.equal(await page.evaluate(() => String(getSelection())), text);
    await Promise.all([page.waitForRequest(isAsked), page.evaluate(() => getSelection().removeAllRanges())]);
  },
}));

test("a button that is pressed while what is known is asked for anew still acts", () => it.page("/debug", {
  prepare: (page) => page.clock.install(),
  use: async (page) => {
    const id = await it.held("requests", "requestId");
    const isAsked = (one) => one.url().includes(`/debug/requests/${id}?`);
    await page.evaluate((to) => { location.hash = `select=${to}`; }, id);
    const button = page.locator(".detail .holders button").first();
    await button.hover();
    let answer;
    const isPressed = new Promise((resolve) => { answer = resolve; });
    await page.route(`**/debug/requests/${id}?*`, (route) => isPressed.then(() => route.continue()));
    await Promise.all([page.waitForRequest(isAsked), page.clock.fastForward(60000)]);
    await page.mouse.down();
    const answered = page.waitForResponse(isAsked);
    answer();
    await (await answered).finished();
    await pulses(page, 1);
    await page.mouse.up();
    await says(page, ".detail h3", "Why it is there");
  },
}));

/* Two requests in flight, in this order, and a page that shows them; `end()` ends the
 * first one. */
async function twoInFlight(use) {
  const quiet = new Server();
  await quiet.start();
  const ends = [new AbortController(), new AbortController()];
  try {
    await it.page("/debug", { at: quiet.debug, use: async (page) => {
      for (const [at, { signal }] of ends.entries()) {
        fetch(`${quiet.url}/timer?ms=25000`, { signal }).catch(() => {});
        await page.locator("tr.active").nth(at).waitFor();
      }
      const end = async () => {
        ends[0].abort();
        await page.locator("tr.active").nth(1).waitFor({ state: "detached" });
      };
      await use(page, page.locator("tr.active").nth(1), end);
    } });
  } finally {
    ends[1].abort();
    await quiet.stop("SIGKILL");
  }
}

test("a request keeps the focus when one above it ends", () => twoInFlight(async (page, row, end) => {
  const id = await row.getAttribute("data-id");
  await row.locator("button").focus();
  await end();
  assert.equal(await page.evaluate(() => document.activeElement.dataset.select), id);
}));

test("a request that is pressed is selected, though one above it ends", () => twoInFlight(async (page, row, end) => {
  const id = await row.getAttribute("data-id");
  await row.locator("button").hover();
  await page.mouse.down();
  await end();
  await page.locator(`tr[data-id=${id}]`).hover();
  await page.mouse.up();
  await says(page, ".detail h2", id);
}));

test("a request is selected by a press on its time, which goes on", () => twoInFlight(async (page, row) => {
  const id = await row.getAttribute("data-id");
  await row.locator(".time").first().hover();
  await page.mouse.down();
  await pulses(page, 2);
  await page.mouse.up();
  await says(page, ".detail h2", id);
}));

test("an id of a thread keeps the focus while others come and go", () => it.page("/debug#view=threads", {
  prepare: (page) => page.clock.install(),
  use: async (page) => {
    const ids = page.locator(".lane", { hasText: "loop-0" }).locator(".ids");
    const first = ids.locator("button").first();
    await first.focus();
    const id = await first.getAttribute("data-select");
    const before = await ids.textContent();
    await page.clock.fastForward(60000);
    await page.waitForFunction(([lane, text]) => lane.textContent !== text, [await ids.elementHandle(), before]);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.select), id);
  },
}));
