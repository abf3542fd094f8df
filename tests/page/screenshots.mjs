// Pictures of every view, to be looked at: light and dark, of a program in which
// nothing goes on, and of one with 10,000 and with 100,000 live resources; the
// page on a phone; and the three of the README.
//
// usage: screenshots.mjs DIRECTORY [empty|10000|100000|readme]...
import { mkdirSync } from "node:fs";
import { Load } from "./browser/load.mjs";
import { launch, Server } from "./browser/server.mjs";

const VIEWS = {
  requests: ".requests tbody tr, .view:not([hidden]) .empty",
  graph: "g.node", threads: ".lane .ids", charts: ".chart .line[d*=L]",
};
const LEAK_MAX = 10000;

/* So long that curves and lanes have a shape. */
const SEEN_MS = 14000;

async function leak(server, count) {
  for (let left = count; left > 0; left -= LEAK_MAX)
    await fetch(`${server.url}/leak?count=${Math.min(left, LEAK_MAX)}&ms=3600000`);
}

async function open(browser, server, view, options) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  await page.goto(`${server.debug}/debug#view=${view}`);
  await page.locator(VIEWS[view]).first().waitFor({ state: "attached" });
  return page;
}

/* The views of one page, one after the other, so that its charts have a past. */
async function shoot(browser, server, name, directory, options) {
  const page = await open(browser, server, "charts", options);
  await page.waitForTimeout(SEEN_MS);
  for (const view of Object.keys(VIEWS)) {
    await page.evaluate((to) => { location.hash = `view=${to}`; }, view);
    await page.locator(`#view-${view}:not([hidden])`).waitFor();
    await page.locator(VIEWS[view]).first().waitFor({ state: "attached" });
    await page.waitForTimeout(1500);
    await page.screenshot({ path: `${directory}/${name}-${view}.png` });
  }
  await page.evaluate(() => { location.hash = "view=graph"; });
  if (await page.locator("g.node.resource").count() === 0) await page.locator("g.node.group").first().click();
  await page.locator("g.node.resource").first().click();
  await page.waitForTimeout(1500);
  await page.screenshot({ path: `${directory}/${name}-resource.png` });
  await page.context().close();
}

async function scene(browser, name, directory, { live = 0, requests = -1 }) {
  const server = new Server(["--loops", "2", "--max-requests", "1000000000"]);
  await server.start();
  await leak(server, live);
  const load = requests >= 0 ? new Load(server.port, requests) : undefined;
  for (const colorScheme of ["light", "dark"])
    await shoot(browser, server, `${name}-${colorScheme}`, directory, { colorScheme });
  await shoot(browser, server, `${name}-narrow`, directory, { viewport: { width: 390, height: 760 } });
  await load?.stop();
  await server.stop("SIGKILL");
}

/* What a reader of the README is to see: requests of every kind, one of them
 * chosen. */
async function readme(browser, directory) {
  const server = new Server(["--loops", "2"]);
  await server.start();
  const load = new Load(server.port, 5);
  const page = await open(browser, server, "requests", { viewport: { width: 1440, height: 800 } });
  await page.waitForTimeout(40000);
  await page.locator("tr.active", { hasText: "/timer" }).first().click();
  for (const view of ["requests", "graph", "threads"]) {
    await page.locator(`#tab-${view}`).click();
    await page.locator(VIEWS[view]).first().waitFor({ state: "attached" });
    if (view === "graph") {
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "One by one" }).click();
    }
    await page.waitForTimeout(2500);
    await page.screenshot({ path: `${directory}/page-${view}.png` });
  }
  await load.stop();
  await server.stop("SIGKILL");
}

const SCENES = {
  empty: (browser, directory) => scene(browser, "empty", directory, {}),
  10000: (browser, directory) => scene(browser, "10000", directory, { live: 9900, requests: 20 }),
  100000: (browser, directory) => scene(browser, "100000", directory, { live: 99900, requests: 20 }),
  readme,
};

const [directory, ...names] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
const browser = await launch();
try {
  for (const name of names.length > 0 ? names : Object.keys(SCENES)) await SCENES[name](browser, directory);
} finally {
  await browser.close();
}
