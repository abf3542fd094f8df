// What the page costs a loaded server: the time of the diagnostics' thread, and what
// the program's own threads lose by it.
//
// What else may change is kept as it is. The server has a core to itself, and goes
// before whatever else runs there. The load and who measures share the other one with
// the browser but run before it: a late load comes in bursts, and what comes in bursts
// is answered for less. Whatever the cores have left over is spun away: to wake a core
// that sleeps costs the one that wakes it, in a virtual machine more than a request
// does, and one that slept finds its caches as others have left them.
//
// What is counted is the time that threads ran, not that they waited.
import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { lostNearBursts, WINDOW_MS, windowsOf } from "./page_bursts.mjs";

const SERVER_CORE = "0", OTHER_CORE = "1";
const WITHOUT_SECONDS = 10;

function pin(pid, core) {
  execFileSync("taskset", ["-a", "-c", "-p", core, String(pid)], { stdio: "ignore" });
}

/* What this process starts from now on is on the other core, too. */
export function pinSelf() {
  pin(process.pid, OTHER_CORE);
}

export function pinServer(server) {
  pin(server.child.pid, SERVER_CORE);
  for (const tid of readdirSync(`/proc/${server.child.pid}/task`))
    execFileSync("renice", ["-n", "-19", "-p", tid], { stdio: "ignore" });
}

/* Takes what nobody else wants of both cores. Answers how to end it. */
function spin() {
  const spinners = [SERVER_CORE, OTHER_CORE].map(spinOn);
  return () => { for (const one of spinners) one.stdin.end(); };
}

function spinOn(core) {
  return spawn("taskset", ["-c", core, "chrt", "-i", "0", "sh", "-c", "(while :; do :; done) & read -r _; kill $!"], { stdio: ["pipe", "ignore", "ignore"] });
}

/* Whether this process goes before what else runs on its core. */
function goFirst(first) {
  execFileSync("chrt", [first ? "-f" : "-o", "-p", first ? "1" : "0", String(process.pid)]);
}

/* Ends when its time is over, or it is stopped. */
export function load(server, { rate, ms, first = false, signal }) {
  return new Promise((resolve, reject) => {
    const line = [process.env.ASYNCSCOPE_BENCH_LOAD, "-c", "32", "-r", String(rate), "-t", String(ms), String(server.port), "/hello"];
    const [command, ...args] = first ? ["chrt", "-f", "1", ...line] : line;
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "inherit"] });
    signal?.addEventListener("abort", () => child.kill());
    child.on("close", (status) => (signal?.aborted || status === 0 ? resolve() : reject(new Error("the load ended"))));
  });
}

/* The threads of a server: that of the diagnostics, and those of the program. */
async function threadsOf(server) {
  const { threads } = await server.json("/debug/threads?internal=1");
  const debug = threads.find(({ name }) => name === "debug").osTid;
  const all = readdirSync(`/proc/${server.child.pid}/task`).map(Number);
  return { directory: `/proc/${server.child.pid}/task`, debug, program: all.filter((tid) => tid !== debug) };
}

const firstNumber = (text, after) => Number(text.slice(text.indexOf(after) + after.length).split(/\s/, 1)[0]);

/* Nanoseconds that the threads have run, exact where none of them does, and how many
 * requests they have answered: each with one call of write(). */
function sample({ directory, debug, program }) {
  const ran = (tid) => firstNumber(readFileSync(`${directory}/${tid}/schedstat`, "latin1"), "");
  const wrote = (tid) => firstNumber(readFileSync(`${directory}/${tid}/io`, "latin1"), "syscw: ");
  const sum = (of) => program.reduce((all, tid) => all + of(tid), 0);
  return { program: sum(ran), requests: sum(wrote), debug: ran(debug) };
}

/* Of a load of so many seconds, at whose beginning `begin` is done. */
async function samplesOf(server, { rate, seconds }, begin) {
  const threads = await threadsOf(server);
  const samples = [];
  let loaded = true;
  const running = load(server, { rate, ms: seconds * 1000, first: true }).finally(() => { loaded = false; });
  const begun = begin();
  while (loaded) {
    samples.push(sample(threads));
    await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
  }
  await Promise.all([running, begun]);
  return samples;
}

/* Of these samples. */
const total = (samples, of) => samples.at(-1)[of] - samples[0][of];
const perRequest = (samples, of) => total(samples, of) / total(samples, "requests") / 1000;

/* The page is live, or asks for nothing. */
async function set(page, live) {
  const paused = await page.locator(".live-badge.paused").count() > 0;
  if (paused === live) await page.locator(".pause").click();
  await page.locator(live ? ".live-badge.live, .live-badge.dropped" : ".live-badge.paused").waitFor();
}

async function measure(server, page, { rate, seconds }) {
  await set(page, false);
  const without = await samplesOf(server, { rate, seconds: WITHOUT_SECONDS }, () => {});
  const live = await samplesOf(server, { rate, seconds }, () => set(page, true));
  return { without, live };
}

/* What a request costs while the view of the page is live, from when it goes on and
 * asks for everything at once: `program`, microseconds, and shares of that: `debug`,
 * what the diagnostics' thread takes more than without the page, and what
 * lostNearBursts() tells. */
export async function measureCost(server, page, wanted) {
  const still = spin();
  goFirst(true);
  try {
    const { without, live } = await measure(server, page, wanted);
    const program = perRequest(live, "program");
    const debug = (perRequest(live, "debug") - perRequest(without, "debug")) / program;
    return { program, debug, ...lostNearBursts(windowsOf(live)) };
  } finally {
    goFirst(false);
    still();
  }
}
