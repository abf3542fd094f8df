// What the page costs the program, and what it costs who looks at it: 100,000
// live resources and 5,000 requests a second of the real server, the page open in
// Chromium. How it is measured stands in page_cost.mjs.
//
// usage: page.mjs [--live N] [--rate N] [--rounds N] [--seconds N]
//
// Answers 1 where a bound is passed. Of the page's cost the rounds tell no more than
// a range, wide on a restless machine: where all of it is above the bound, it is
// passed. What the diagnostics' thread takes is exact.
import { parseArgs } from "node:util";
import { launch, Server } from "../page/browser/server.mjs";
import { between, load, measureRounds, measureView, median, pinSelf, pinServer, spin } from "./page_cost.mjs";
import { heldBytes, typeAndClick } from "./page_input.mjs";

const BOUNDS = { inputMs: 100, tabBytes: 300e6, cpuShare: 0.03 };
const LEAK_MAX = 10000; /* of one request: more would make its callback slow */
const ROUNDS_MIN = 6; /* fewer leave room for anything */
const VIEWS = ["requests", "graph", "threads", "charts"];
const VIEW_MS = 60000;
const TAB_MS = 45000;

const { values } = parseArgs({ options: {
  live: { type: "string", default: "100000" }, rate: { type: "string", default: "5000" },
  rounds: { type: "string", default: "18" }, seconds: { type: "string", default: "1.5" },
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

/* The range that the rounds leave room for. */
function tellRatio(words, rounds, of) {
  const all = rounds.map(({ live, paused }) => live[of] / mean(paused, of) - 1);
  const [low, high] = between(all);
  console.log(`  ${words} ${percent(median(all))} more, between ${percent(low)} and ${percent(high)}  [${all.map((one) => (100 * one).toFixed(1)).join(" ")}]`);
  return [low, high];
}

function tellRounds(all) {
  const rounds = all.filter(({ disturbed }) => !disturbed);
  if (rounds.length < ROUNDS_MIN) throw new Error(`${all.length - rounds.length} of ${all.length} rounds were disturbed`);
  console.log(`  ${rounds.length} rounds; ${all.length - rounds.length} were disturbed and do not count`);
  tellTurns("without", rounds.map(({ paused }) => ({ program: mean(paused, "program"), debug: mean(paused, "debug") })));
  tellTurns("with", rounds.map(({ live }) => live));
  tellRatio("with the page the program's threads take", rounds, "program");
  return { range: tellRatio("with the page all threads take", rounds, "all"), us: median(rounds.map(({ paused }) => mean(paused, "all"))) };
}

/* What each view asks for besides; the most that one takes. */
async function measureViews(server, page, us) {
  let most = 0;
  for (const view of VIEWS) {
    const own = await measureView(server, page, { rate: wanted.rate, ms: VIEW_MS, view });
    console.log(`  ${view.padEnd(8)} shown for ${VIEW_MS / 1000} s: the diagnostics' thread takes ${own.toFixed(3)} us a request, ${percent(own / us)}`);
    most = Math.max(most, own / us);
  }
  return most;
}

async function measureCpu(server, page) {
  await load(server, { rate: wanted.rate, ms: 2000 });
  const { range, us } = tellRounds(await measureRounds(server, page, wanted));
  const own = await measureViews(server, page, us);
  const [low, high] = range;
  const shown = low > BOUNDS.cpuShare ? "more, and too much" : high > BOUNDS.cpuShare ? "which the machine is too restless to tell from more" : "no more";
  console.log(`  ${percent(BOUNDS.cpuShare)} are allowed; the rounds show ${shown}`);
  return low > BOUNDS.cpuShare || own > BOUNDS.cpuShare;
}

async function measureTab(browser, server, page) {
  const running = load(server, { rate: wanted.rate, ms: TAB_MS });
  await page.locator("#tab-requests").click();
  await page.locator("tr.ended").first().waitFor();
  const rows = await typeAndClick(page);
  const bytes = await heldBytes(browser);
  let worst = 0;
  for (const [what, latencies] of rows) {
    const sorted = latencies.sort((a, b) => a - b);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    worst = Math.max(worst, sorted[sorted.length - 1]);
    console.log(`  ${what.padEnd(22)} p50 ${at(0.5).toFixed(0)} ms, p99 ${at(0.99).toFixed(0)} ms, max ${sorted[sorted.length - 1].toFixed(0)} ms of ${sorted.length}`);
  }
  console.log(`  every input is answered within ${worst.toFixed(0)} ms; less than ${BOUNDS.inputMs}`);
  console.log(`  the tab holds ${(bytes / 1e6).toFixed(0)} MB; less than ${BOUNDS.tabBytes / 1e6}`);
  await running;
  return worst >= BOUNDS.inputMs || bytes >= BOUNDS.tabBytes;
}

async function measure(browser, server) {
  for (let left = wanted.live; left > 0; left -= LEAK_MAX)
    await fetch(`${server.url}/leak?count=${Math.min(left, LEAK_MAX)}&ms=3600000`);
  const { counts } = await server.json("/debug?limit=1");
  console.log(`${counts.live} live resources, ${wanted.rate} requests a second`);
  const page = await open(browser, server);
  const spinner = spin();
  const cpu = await measureCpu(server, page).finally(() => spinner.stdin.end());
  const tab = await measureTab(browser, server, page);
  return cpu || tab;
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
