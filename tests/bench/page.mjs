// What the page costs the program, and what it costs who looks at it: 100,000
// live resources and 5,000 requests a second of the real server, the page open in
// Chromium. How it is measured stands in page_cost.mjs.
//
// usage: page.mjs [--live N] [--rate N] [--seconds N] [--views NAME,...] [--parts cost,tab]
//        --seconds: of each view that the cost is measured in
//
// Answers 1 where a bound is passed, or may be.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { launch, Server } from "../page/browser/server.mjs";
import { load, measureCost, pinSelf, pinServer } from "./page_cost.mjs";
import { heldBytes, typeAndClick } from "./page_input.mjs";

const BOUNDS = { inputMs: 100, tabBytes: 300e6, cpuShare: 0.03 };
const LEAK_MAX = 10000; /* of one request: more would make its callback slow */
const WARM_MS = 2000;
const TAB_MS = 60000; /* or as long as the inputs take */

/* `ready` is there when something is shown, `choice` can be selected. */
const VIEWS = {
  requests: { tab: "Requests", ready: "tr.ended", choice: "tr.ended button" },
  graph: { tab: "Graph", ready: "g.node", choice: "g.node.group" },
  threads: { tab: "Threads", ready: ".lane .ids button", choice: ".lane .ids button" },
  charts: { tab: "Charts", ready: ".chart .line" },
  resource: { tab: "Requests", ready: "tr.ended", choice: "tr.ended button", select: true },
};

const { values } = parseArgs({ options: {
  live: { type: "string", default: "100000" }, rate: { type: "string", default: "5000" },
  seconds: { type: "string", default: "60" }, /* as long as the page waits at most before it asks anew */
  views: { type: "string", default: Object.keys(VIEWS).join() }, parts: { type: "string", default: "cost,tab" },
} });
const [live, rate, seconds] = [values.live, values.rate, values.seconds].map(Number);
const views = values.views.split(",");

async function open(browser, server) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${server.debug}/debug`);
  await page.locator(".live-badge.live, .live-badge.dropped").waitFor();
  return page;
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;

async function tellCost(server, page) {
  const { program, debug, bursts, share, error } = await measureCost(server, page, { rate, seconds });
  const most = debug + share + error;
  console.log(`  a request takes ${program.toFixed(2)} us of the program's threads; in ${seconds} s from when the page goes on`);
  console.log(`  the diagnostics' thread takes ${percent(debug)} of that more, and the program's lose ${percent(share)}, ${percent(error)} more or less, near its ${bursts} bursts`);
  console.log(`  together ${percent(debug + share)}, at most ${percent(most)}, less than ${percent(BOUNDS.cpuShare)}`);
  return !(most <= BOUNDS.cpuShare);
}

/* Under a load that ends with `act`, also where that fails: else the load's end
 * would be told in place of what has failed. */
async function underLoad(server, act) {
  const stop = new AbortController();
  const running = load(server, { rate, ms: TAB_MS, signal: stop.signal });
  try {
    return await act();
  } finally {
    stop.abort();
    await running;
  }
}

async function measureTab(browser, page, view) {
  let worst = 0;
  for (const [what, latencies] of await typeAndClick(page, view)) {
    const sorted = latencies.sort((a, b) => a - b);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    worst = Math.max(worst, sorted[sorted.length - 1]);
    console.log(`  ${what.padEnd(22)} p50 ${at(0.5).toFixed(0)} ms, max ${sorted[sorted.length - 1].toFixed(0)} ms of ${sorted.length}`);
  }
  const bytes = await heldBytes(browser);
  console.log(`  every input is answered within ${worst.toFixed(0)} ms, less than ${BOUNDS.inputMs}; the tab holds ${(bytes / 1e6).toFixed(0)} MB, less than ${BOUNDS.tabBytes / 1e6}`);
  return worst >= BOUNDS.inputMs || bytes >= BOUNDS.tabBytes;
}

async function show(server, page, view) {
  const { resources: [one] } = await server.json("/debug/resources?type=Timeout&limit=1");
  await page.locator(".live-badge.paused").count() > 0 && await page.locator(".pause").click();
  await page.evaluate((to) => { location.hash = to; }, `view=${view.tab.toLowerCase()}${view.select ? `&select=${one.key}` : ""}`);
  await page.locator(view.ready).first().waitFor({ state: "attached" });
}

const PARTS = {
  cost: ({ server, page }) => tellCost(server, page),
  tab: ({ browser, server, page, view }) => underLoad(server, () => measureTab(browser, page, view)),
};

async function measureView(browser, server, page) {
  const [name] = views, missed = [];
  console.log(name);
  const warm = load(server, { rate, ms: WARM_MS });
  await show(server, page, VIEWS[name]);
  await warm;
  for (const part of values.parts.split(","))
    if (await PARTS[part]({ browser, server, page, view: VIEWS[name] })) missed.push(part);
  console.log(missed.length === 0 ? "every bound is kept" : `not kept: ${missed.join(", ")}`);
  return missed.length > 0;
}

async function measure(browser, server) {
  for (let left = live; left > 0; left -= LEAK_MAX)
    await fetch(`${server.url}/leak?count=${Math.min(left, LEAK_MAX)}&ms=3600000`);
  const { counts } = await server.json("/debug?limit=1");
  console.log(`${counts.live} live resources, ${rate} requests a second`);
  return measureView(browser, server, await open(browser, server));
}

async function measureOne() {
  pinSelf();
  const server = new Server(["--access-log", "off", "--max-requests", "1000000000", "--loops", "1"]);
  await server.start();
  pinServer(server);
  const browser = await launch();
  try {
    return await measure(browser, server);
  } finally {
    await browser.close();
    await server.stop("SIGKILL");
  }
}

/* Each in a process of its own, with a server and a browser of its own: behind some
 * minutes a load that goes before all others may be let wait for whole seconds. */
function measureEach() {
  const run = (name) => spawnSync(process.execPath, [...process.argv.slice(1), "--views", name], { stdio: "inherit" });
  return views.map((name) => run(name).status !== 0).includes(true);
}

process.exitCode = (views.length === 1 ? await measureOne() : measureEach()) ? 1 : 0;
