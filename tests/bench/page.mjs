// What the page costs the program, and what it costs who looks at it: 100,000
// live resources and 5,000 requests a second of the real server, the page open in
// Chromium. How it is measured stands in page_cost.mjs.
//
// usage: page.mjs [--live N] [--rate N] [--rounds N] [--seconds N] [--views NAME,...]
//        [--own SECONDS] [--parts rounds,own,tab]
//
// Answers 1 where a bound is passed, or may be: of what the page costs the program's
// threads the rounds tell a range, and its end with what the thread of the diagnostics
// takes has to be below the bound.
import { parseArgs } from "node:util";
import { launch, Server } from "../page/browser/server.mjs";
import { between, load, measureOwn, measureRounds, median, pinSelf, pinServer, spin } from "./page_cost.mjs";
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
  rounds: { type: "string", default: "20" }, seconds: { type: "string", default: "0.6" },
  own: { type: "string", default: "60" }, /* seconds: as long as the page waits at most before it asks anew */
  views: { type: "string", default: Object.keys(VIEWS).join() }, parts: { type: "string", default: "rounds,own,tab" },
} });
const wanted = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, Number(text)]));

async function open(browser, server) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${server.debug}/debug`);
  await page.locator(".live-badge.live, .live-badge.dropped").waitFor();
  return page;
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;
const mean = ([one, other], of) => (one[of] + other[of]) / 2;

function tellTurns(what, turns) {
  const of = (name) => median(turns.map((one) => one[name]));
  console.log(`  ${what.padEnd(8)} ${of("program").toFixed(2)} us a request of the program's threads and ${of("debug").toFixed(3)} of the diagnostics'  ` +
    `[${turns.map((one) => one.program.toFixed(1)).join(" ")}]`);
}

/* The median of ratios, and the range that they leave room for. */
function tellRatio(words, ratios) {
  const [low, high] = between(ratios);
  console.log(`  ${words} ${percent(median(ratios))} more, between ${percent(low)} and ${percent(high)}  [${ratios.map((one) => (100 * one).toFixed(1)).join(" ")}]`);
  return [low, high];
}

function tellRounds(rounds) {
  const lost = rounds.flatMap(({ live, paused }) => [live.lost, ...paused.map((one) => one.lost)]);
  const more = rounds.map(({ live, paused }) => live.program / mean(paused, "program") - 1);
  tellTurns("without", rounds.map(({ paused }) => ({ program: mean(paused, "program"), debug: mean(paused, "debug") })));
  tellTurns("with", rounds.map(({ live }) => live));
  console.log(`  ${rounds.length} rounds; of a turn others took ${percent(median(lost))}, at most ${percent(Math.max(...lost))}`);
  tellRatio("without and without again: the program's threads take", rounds.map(({ paused: [one, other] }) => other.program / one.program - 1));
  tellRatio("with the page they take", more);
  return more;
}

/* Exact, and with what the page asks for seldom. */
async function measureDebugThread(server, page) {
  const { share, busy } = await measureOwn(server, page, { rate: wanted.rate, seconds: wanted.own });
  console.log(`  in ${wanted.own} s from when it goes on the diagnostics' thread takes ${percent(share)} of a request's time more; it runs ${(1000 * busy).toFixed(1)} ms a second`);
  return share;
}

/* Of every view: the range of the one with the most of the other. */
function tellAll({ program, own }) {
  if (program.length === 0 || own.length === 0) return false;
  console.log("all views");
  const [, high] = tellRatio("with the page the program's threads take", program);
  const most = Math.max(...own);
  console.log(`  with the diagnostics' thread ${percent(median(program) + most)} more, at most ${percent(high + most)}, less than ${percent(BOUNDS.cpuShare)}`);
  return high + most > BOUNDS.cpuShare;
}

/* Under a load that ends with `act`, also where that fails: else the load's end
 * would be told in place of what has failed. */
async function underLoad(server, act) {
  const stop = new AbortController();
  const running = load(server, { rate: wanted.rate, ms: TAB_MS, signal: stop.signal });
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
  rounds: async ({ server, page, found }) => {
    const still = spin();
    found.program.push(...tellRounds(await measureRounds(server, page, wanted).finally(still)));
    return false;
  },
  own: async ({ server, page, found }) => {
    const share = await measureDebugThread(server, page);
    found.own.push(share);
    return share > BOUNDS.cpuShare;
  },
  tab: ({ browser, server, page, view }) => underLoad(server, () => measureTab(browser, page, view)),
};

async function measureViews(browser, server, page) {
  const found = { program: [], own: [] }, missed = [];
  for (const name of values.views.split(",")) {
    console.log(name);
    const warm = load(server, { rate: wanted.rate, ms: WARM_MS });
    await show(server, page, VIEWS[name]);
    await warm;
    for (const part of values.parts.split(","))
      if (await PARTS[part]({ browser, server, page, view: VIEWS[name], found })) missed.push(`${name}: ${part}`);
  }
  if (tellAll(found)) missed.push("the page's cost");
  console.log(missed.length === 0 ? "every bound is kept" : `not kept: ${missed.join(", ")}`);
  return missed.length > 0;
}

async function measure(browser, server) {
  for (let left = wanted.live; left > 0; left -= LEAK_MAX)
    await fetch(`${server.url}/leak?count=${Math.min(left, LEAK_MAX)}&ms=3600000`);
  const { counts } = await server.json("/debug?limit=1");
  console.log(`${counts.live} live resources, ${wanted.rate} requests a second`);
  return measureViews(browser, server, await open(browser, server));
}

pinSelf();
const server = new Server(["--access-log", "off", "--max-requests", "1000000000", "--loops", "1"]);
await server.start();
pinServer(server);
const browser = await launch();
let failed = true;
try {
  failed = await measure(browser, server);
} finally {
  await browser.close();
  await server.stop("SIGKILL");
}
process.exitCode = failed ? 1 : 0;
