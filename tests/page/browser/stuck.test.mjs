// A loop that is stuck, and a program that wants a token.
import assert from "node:assert/strict";
import { test } from "node:test";
import { badge, Load, says, scene } from "./scene.mjs";

const it = await scene(["--loops", "1"]), again = await scene(["--loops", "1"]);
const BLOCK_MAX_MS = 25000;

/* Of those that block the loop, one after the other, one that still does. */
async function openCulprit(page, warning) {
  const title = page.locator(".detail h2", { hasText: /HTTPINCOMINGMESSAGE \d+:\d+/ });
  const ended = page.locator(".detail .empty-title", { hasText: "has ended" });
  do {
    await warning.click();
    await title.or(ended).waitFor();
  } while (await title.count() === 0);
}

test("a loop that is stuck is named, with a warning that leads to the culprit", () => it.page("/debug", { errors: [/status of 404/], use: async (page) => {
  await badge(page, "live");
  await says(page, ".warnings .none", "No warnings");
  const load = new Load(it.server.port);
  await page.locator("tr.ended").first().waitFor();
  for (let i = 0; i < 3; i++) load.hold(`/block?ms=${BLOCK_MAX_MS}`);
  await badge(page, "stuck");
  await says(page, ".live-badge", /loop-0 stuck for [\d.]+ s/);
  const warning = page.locator(".warnings button", { hasText: /loop-blocked.*http_exchange/ });
  await openCulprit(page, warning);
  await says(page, ".detail .warning-text", "loop-blocked");
  await page.getByRole("tab", { name: "Threads" }).click();
  await says(page, ".lane .now.stuck", /stuck in .*GET \/block/);
  await load.stop();
} }));

/* Blocks the loop until `seen` resolves, and no less than once: longer each time,
 * as a busy machine may see nothing of a short one. Ends when the loop goes on. */
async function blockUntil(server, seen) {
  let done = false;
  seen = seen.finally(() => { done = true; });
  for (let ms = 4000; !done; ms = Math.min(2 * ms, BLOCK_MAX_MS)) await fetch(`${server.url}/block?ms=${ms}`);
  await seen;
}

/* An answer that was so dear that the next one would be asked for in a minute. */
async function makeDear(route) {
  const answer = await (await route.fetch()).json();
  await route.fulfill({ json: { ...answer, snapshot: { ...answer.snapshot, buildUs: 1e7 } } });
}

test("what a loop gets stuck in is looked for at once", () => again.page("/debug#view=threads", {
  prepare: (page) => page.route("**/debug/runs*", makeDear),
  use: async (page) => {
    await says(page, ".threads .note", /next in (60|5\d) s/);
    await blockUntil(again.server, page.waitForRequest(/debug\/runs/, { timeout: 0 }));
    await badge(page, "live");
  },
}));

const locked = await scene(["--debug-token", "correct-horse"]);
const elsewhere = { extraHTTPHeaders: { "X-Forwarded-For": "192.0.2.7" } };

test("a page without the token asks for it, and shows everything with it", () => locked.page("/debug", {
  ...elsewhere, errors: [/status of 401/],
  use: async (page) => {
    await says(page, ".token h2", "A token is needed");
    await page.getByLabel("Token").fill("wrong");
    await page.getByRole("button", { name: "Show" }).click();
    await says(page, ".token .problem", "not the right one");
    await page.getByLabel("Token").fill("correct-horse");
    await page.getByRole("button", { name: "Show" }).click();
    await badge(page, "live");
  },
}));

test("a page that waits for its token asks for nothing, whatever is pressed", () => locked.page("/debug", {
  ...elsewhere, errors: [/status of 401/],
  use: async (page) => {
    await says(page, ".live-badge", "a token is needed");
    const asked = [];
    page.on("request", (request) => { if (!request.url().endsWith("/icon.svg")) asked.push(request.url()); }); /* the browser's own wish */
    await page.locator("footer .spacer").click();
    for (const key of ["2", "3", "1", " ", "j", "Enter"]) await page.keyboard.press(key);
    await page.getByLabel("Token").fill("naïve-токен");
    await page.getByRole("button", { name: "Show" }).click();
    await says(page, ".token .problem", "not the right one");
    assert.deepEqual(asked, []);
    await page.getByLabel("Token").fill("correct-horse");
    await page.getByRole("button", { name: "Show" }).click();
    await badge(page, "live");
  },
}));

test("a token in the address is used, and gone from the address", () => locked.page("/debug#token=correct-horse&view=threads", {
  ...elsewhere, errors: [/status of 401/],
  use: async (page) => {
    await badge(page, "live");
    await says(page, ".lane", /loop-0/);
    assert.equal(new URL(page.url()).hash, "#view=threads");
  },
}));

test("a token that is put in the address of a page that is live is the one from then on", () => locked.page("/debug#token=correct-horse", {
  ...elsewhere, errors: [/status of 401/],
  use: async (page) => {
    const read = () => page.waitForResponse((response) => response.url().includes("/debug/events") && response.status() === 200);
    await badge(page, "live");
    await Promise.all([read(), page.evaluate(() => { location.hash = "token=correct-horse"; })]);
    await badge(page, "live");
    await page.evaluate(() => { location.hash = "token=wrong"; });
    await says(page, ".token .problem", "not the right one");
    await Promise.all([read(), page.evaluate(() => { location.hash = "token=correct-horse"; })]);
    await badge(page, "live");
    assert.equal(new URL(page.url()).hash, "");
  },
}));

test("without scripts there is the tree", () => again.page("/debug", {
  javaScriptEnabled: false,
  errors: [/404/], /* the icon that a browser looks for beside a text */
  use: async (page) => {
    await page.waitForURL(/\/debug\/tree$/);
    await says(page, "body", "TCPSERVERWRAP");
  },
}));
