// What the page costs the program, and what it costs who looks at it: 100,000
// live resources and 5,000 requests a second of the real server, the page open in
// Chromium. Program on one core, load and browser on the other.
//
// usage: page.mjs [--live N] [--rate N] [--rounds N] [--seconds N]
//
// Rounds with the page and without take turns. What others do to the machine falls
// on both; how far the rounds without the page lie apart is how much of a difference
// says nothing. The processor time of the thread that serves the page is exact.
// Answers 1 where it alone passes the bound, where the difference passes it by more
// than that, or another bound is passed.
import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { launch, Server } from "../page/browser/server.mjs";
import { heldBytes, typeAndClick } from "./page_input.mjs";

const BOUNDS = { inputMs: 100, tabBytes: 300e6, cpuShare: 0.03 };
const LEAK_MAX = 10000; /* of one request: more would make its callback slow */

const { values } = parseArgs({ options: {
  live: { type: "string", default: "100000" }, rate: { type: "string", default: "5000" },
  rounds: { type: "string", default: "5" }, seconds: { type: "string", default: "8" },
} });
const wanted = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, Number(text)]));

function pin(pid, core) {
  execFileSync("taskset", ["-a", "-c", "-p", String(core), String(pid)], { stdio: "ignore" });
}

/* Processor time of each thread, nanoseconds. */
function threads(pid) {
  return new Map(readdirSync(`/proc/${pid}/task`).map((tid) => [Number(tid),
    Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, "utf8").split(" ")[0])]));
}

/* The thread of the diagnostics. */
async function debugThread(server) {
  const { threads: all } = await server.json("/debug/threads?internal=1");
  return all.find(({ name }) => name === "debug").osTid;
}

function load(server, ms) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.env.ASYNCSCOPE_BENCH_LOAD,
      ["-c", "32", "-r", String(wanted.rate), "-t", String(ms), String(server.port), "/hello"], { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (piece) => { text += piece; });
    child.on("close", (status) => (status === 0 ? resolve(JSON.parse(text)) : reject(new Error("the load ended"))));
  });
}

/* What a request cost the program, microseconds: all of it, and that of the
 * thread of the diagnostics. */
async function round(server, debug) {
  const before = threads(server.child.pid);
  const { requests, per_s: perSecond } = await load(server, wanted.seconds * 1000);
  const after = threads(server.child.pid);
  const spentUs = (tid) => (after.get(tid) - (before.get(tid) ?? 0)) / 1000 / requests;
  return { all: [...after.keys()].reduce((sum, tid) => sum + spentUs(tid), 0), debug: spentUs(debug), perSecond };
}

async function open(server, page) {
  await page.goto(`${server.debug}/debug`);
  await page.locator(".live-badge.live, .live-badge.dropped").waitFor();
  await page.locator("tr.ended").first().waitFor();
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

async function measureCpu(server, page) {
  const seen = [], unseen = [];
  const debug = await debugThread(server);
  await load(server, 2000);
  for (let i = 0; i < wanted.rounds; i++) {
    for (const turn of i % 2 ? ["with", "without"] : ["without", "with"]) {
      if (turn === "with") await Promise.all([load(server, 2000), open(server, page)]);
      const result = await round(server, debug);
      (turn === "with" ? seen : unseen).push(result);
      if (turn === "with") await page.goto("about:blank");
    }
  }
  return { seen, unseen };
}

function tellCpu({ seen, unseen }) {
  const of = (rounds, what) => median(rounds.map((one) => one[what]));
  const ratio = median(seen.map((one, at) => one.all / unseen[at].all)) - 1;
  const own = (of(seen, "debug") - of(unseen, "debug")) / of(unseen, "all");
  for (const [name, rounds] of [["without", unseen], ["with", seen]])
    console.log(`  ${name.padEnd(8)} ${of(rounds, "all").toFixed(2)} us a request, of these ${of(rounds, "debug").toFixed(2)} on the thread of the diagnostics; ` +
      `${Math.round(of(rounds, "perSecond"))} a second  [${rounds.map((one) => one.all.toFixed(2)).join(" ")}]`);
  const all = unseen.map((one) => one.all);
  const noise = (Math.max(...all) - Math.min(...all)) / 2 / median(all);
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  console.log(`  the page costs ${percent(ratio)}, give or take ${percent(noise)}; of these ${percent(own)} on the thread of the diagnostics; at most ${percent(BOUNDS.cpuShare)}`);
  return own > BOUNDS.cpuShare || ratio - noise > BOUNDS.cpuShare;
}

async function measureTab(browser, server, page) {
  const running = load(server, 45000);
  await open(server, page);
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

const server = new Server(["--access-log", "off", "--max-requests", "1000000000", "--loops", "1"]);
await server.start();
const browser = await launch();
let failed = true;
try {
  pin(server.child.pid, 0);
  pin(process.pid, 1);
  for (let left = wanted.live; left > 0; left -= LEAK_MAX)
    await fetch(`${server.url}/leak?count=${Math.min(left, LEAK_MAX)}&ms=3600000`);
  const { counts } = await server.json("/debug?limit=1");
  console.log(`${counts.live} live resources, ${wanted.rate} requests a second`);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const cpu = tellCpu(await measureCpu(server, page));
  const tab = await measureTab(browser, server, page);
  failed = cpu || tab;
} finally {
  await browser.close();
  await server.stop("SIGKILL");
}
process.exitCode = failed ? 1 : 0;
