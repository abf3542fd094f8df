// A loop that is stuck, and a program that wants a token.
import assert from "node:assert/strict";
import { test } from "node:test";
import { badge, Load, says, scene } from "./scene.mjs";

const it = await scene(["--loops", "1"]);

test("a loop that is stuck is named, with a warning that leads to the culprit", () => it.page("/debug", { use: async (page) => {
  await badge(page, "live");
  await says(page, ".warnings .none", "No warnings");
  const load = new Load(it.server.port);
  await page.locator("tr.ended").first().waitFor();
  load.get("/block?ms=8000");
  await badge(page, "stuck");
  await says(page, ".live-badge", /loop-0 stuck for [\d.]+ s/);
  const warning = page.locator(".warnings button", { hasText: /loop-blocked.*http_exchange/ });
  await warning.waitFor();
  await warning.click();
  await says(page, ".detail h2", /HTTPINCOMINGMESSAGE \d+:\d+/);
  await says(page, ".detail .warning-text", "loop-blocked");
  await page.getByRole("tab", { name: "Threads" }).click();
  await says(page, ".lane .now.stuck", /stuck in .*GET \/block/);
  await badge(page, "live");
  await load.stop();
} }));

/* An answer that was so dear that the next one would be asked for in a minute. */
async function makeDear(route) {
  const answer = await (await route.fetch()).json();
  await route.fulfill({ json: { ...answer, snapshot: { ...answer.snapshot, buildUs: 1e7 } } });
}

test("what a loop gets stuck in is looked for at once", () => it.page("/debug#view=threads", {
  prepare: (page) => page.route("**/debug/runs*", makeDear),
  use: async (page) => {
    await says(page, ".threads .note", /next in (60|5\d) s/);
    const asked = page.waitForRequest(/debug\/runs/, { timeout: 40000 });
    const blocked = fetch(`${it.server.url}/block?ms=4000`);
    await asked;
    await badge(page, "live");
    await blocked;
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

test("a token in the address is used, and gone from the address", () => locked.page("/debug#token=correct-horse&view=threads", {
  ...elsewhere, errors: [/status of 401/],
  use: async (page) => {
    await badge(page, "live");
    await says(page, ".lane", /loop-0/);
    assert.equal(new URL(page.url()).hash, "#view=threads");
  },
}));

test("without scripts there is the tree", () => it.page("/debug", {
  javaScriptEnabled: false,
  errors: [/404/], /* the icon that a browser looks for beside a text */
  use: async (page) => {
    await page.waitForURL(/\/debug\/tree$/);
    await says(page, "body", "TCPSERVERWRAP");
  },
}));
