// A server, load for it, and a browser that looks at it. Every page of a scene
// fails its test where the console has an error, or the browser reports what the
// Content-Security-Policy forbids.
import assert from "node:assert/strict";
import { after } from "node:test";
import { Load } from "./load.mjs";
import { launch, Server } from "./server.mjs";

export { Load } from "./load.mjs";
export { axe } from "./server.mjs";

// What decides nothing: only how long a test hangs that would never end.
const PATIENCE_MS = 60000;

/* For all tests of a file: the server, its load where `open` says how many
 * requests are held open, and the browser, which is heavy. */
export async function scene(options = [], open = -1) {
  const it = { server: new Server(options) };
  await it.server.start();
  if (open >= 0) it.load = new Load(it.server.port, open);
  it.browser = await browser();
  it.held = (kind, member, query = "") => held(it.server, kind, member, query);
  it.page = (path, more) => openPage(it, path, more);
  after(async () => {
    await it.load?.stop();
    await it.server.stop("SIGKILL");
    await it.browser.close();
  });
  return it;
}

let launched;
function browser() {
  launched ??= launch();
  return launched;
}

/* One of those that are held open, once they have been for a while. */
async function held(server, kind, member, query) {
  for (;;) {
    const [first] = (await server.json(`/debug/${kind}?${query}older_than=2s&sort=age&limit=1`))[kind];
    if (first) return first[member];
    await fetch(`${server.url}/timer?ms=100`); /* a pace */
  }
}

/* Calls `prepare(page)` before a page of its own is loaded and `use(page)` behind
 * it, and then looks at what it said. */
async function openPage(it, path, { at = "debug", errors = [], prepare, use, ...options }) {
  const context = await it.browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const said = [];
  const page = await context.newPage();
  page.on("console", (message) => { if (message.type() === "error" || message.type() === "warning") said.push(message.text()); });
  page.on("pageerror", (error) => said.push(error.stack));
  await page.addInitScript(() => addEventListener("securitypolicyviolation", (event) => console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`)));
  try {
    await prepare?.(page);
    await page.goto((it.server[at] ?? at) + path);
    await use(page);
  } finally {
    await close(page);
  }
  assert.deepEqual(said.filter((text) => !errors.some((expected) => expected.test(text))), []);
}

/* An answer that a route still makes comes too late, and fails nothing. */
async function close(page) {
  for (const routed of [page, page.context()]) await routed.unrouteAll({ behavior: "ignoreErrors" });
  await page.context().close();
}

export const badge = (page, kind) => page.locator(`.live-badge.${kind}`).waitFor();

/* The element has this text, or matches it, at some time. */
export async function says(page, selector, text) {
  await page.locator(selector).filter({ hasText: text }).first().waitFor();
}
