// What the page costs a loaded server: processor time of each of its threads for a
// request, with the page live and with it paused, by turns.
//
// What else differs between the turns would be taken for the page's, so as little
// as may be does. The server has a core to itself, and goes before whatever else runs
// there. The load shares the other one with the browser but runs before it: a late
// load comes in bursts, and what comes in bursts is answered for less. Whatever the
// cores have left over is spun away: to wake a core that sleeps costs the one that wakes
// it, in a virtual machine more than a request does, and one that slept finds its
// caches as others have left them. A turn is short, and one with the
// page is held against the two without it around it, so that what drifts falls on
// both. Those two against each other say how far off the measurement is.
//
// What is counted is the time that threads ran, not that they waited, so that no turn
// is left out; how much of it they waited is told.
import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

const SERVER_CORE = "0", OTHER_CORE = "1";
/* What a click asks for at once is of another kind, and so is the snapshot that the
 * stream begins with. */
const SETTLE_MS = 800;
const TICKS_A_SECOND = 100;

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
export function spin() {
  const spinners = [SERVER_CORE, OTHER_CORE].map(spinOn);
  return () => { for (const one of spinners) one.stdin.end(); };
}

function spinOn(core) {
  return spawn("taskset", ["-c", core, "chrt", "-i", "0", "sh", "-c", "(while :; do :; done) & read -r _; kill $!"], { stdio: ["pipe", "ignore", "ignore"] });
}

/* {requests, ...} of the load of this one turn; nothing, where it was stopped. */
export function load(server, { rate, ms, first = false, signal }) {
  return new Promise((resolve, reject) => {
    const line = [process.env.ASYNCSCOPE_BENCH_LOAD, "-c", "32", "-r", String(rate), "-t", String(ms), String(server.port), "/hello"];
    const [command, ...args] = first ? ["chrt", "-f", "1", ...line] : line;
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    signal?.addEventListener("abort", () => child.kill());
    let text = "";
    child.stdout.on("data", (piece) => { text += piece; });
    child.on("close", (status) => (signal?.aborted ? resolve() : status === 0 ? resolve(JSON.parse(text)) : reject(new Error("the load ended"))));
  });
}

/* Of each thread, nanoseconds: {ran, waited}, while it could have run. Exact when
 * none of them runs. */
function threads(pid) {
  return new Map(readdirSync(`/proc/${pid}/task`).map((tid) => {
    const [ran, waited] = readFileSync(`/proc/${pid}/task/${tid}/schedstat`, "utf8").split(" ");
    return [Number(tid), { ran: Number(ran), waited: Number(waited) }];
  }));
}

/* Milliseconds that the host gave to others. */
function stolenMs() {
  return Number(readFileSync("/proc/stat", "utf8").split("\n")[0].split(/ +/)[8]) * 1000 / TICKS_A_SECOND;
}

/* The thread of the diagnostics. */
async function debugThread(server) {
  const { threads: all } = await server.json("/debug/threads?internal=1");
  return all.find(({ name }) => name === "debug").osTid;
}

/* What a request cost, microseconds: the threads of the program, that of the
 * diagnostics, and all. `lost`: the part of the turn in which others kept them from
 * running. */
async function turn(server, debug, { rate, seconds }) {
  const before = threads(server.child.pid), stolenBefore = stolenMs();
  const { requests } = await load(server, { rate, ms: seconds * 1000, first: true });
  const after = threads(server.child.pid);
  const spent = (tid, what) => after.get(tid)[what] - (before.get(tid)?.[what] ?? 0);
  const others = [...after.keys()].filter((tid) => tid !== debug);
  const sum = (what) => others.reduce((all, tid) => all + spent(tid, what), 0);
  const program = sum("ran") / 1000 / requests, own = spent(debug, "ran") / 1000 / requests;
  const lostMs = (sum("waited") - spent(debug, "ran")) / 1e6 + stolenMs() - stolenBefore;
  return { program, debug: own, all: program + own, lost: Math.max(0, lostMs) / (seconds * 1000) };
}

/* The page is live, or asks for nothing. */
async function set(page, live) {
  const paused = await page.locator(".live-badge.paused").count() > 0;
  if (paused === live) await page.locator(".pause").click();
  await page.locator(live ? ".live-badge.live, .live-badge.dropped" : ".live-badge.paused").waitFor();
  await page.waitForTimeout(SETTLE_MS);
}

/* One with the page between two without it. */
function roundsOf(turns) {
  const rounds = [];
  for (let i = 1; i + 1 < turns.length; i += 2)
    rounds.push({ live: turns[i], paused: [turns[i - 1], turns[i + 1]] });
  return rounds;
}

/* Of the view that is shown. */
export async function measureRounds(server, page, wanted) {
  const debug = await debugThread(server);
  const turns = [];
  for (let i = 0; i <= 2 * wanted.rounds; i++) {
    await set(page, i % 2 === 1);
    turns.push(await turn(server, debug, wanted));
  }
  return roundsOf(turns);
}

/* What the thread of the diagnostics takes in the `seconds` from the moment at which
 * the page goes on and asks for everything at once: `share`, for a request, of what
 * that takes without the page; `busy`, the part of the time in which it runs. Only
 * then can it keep the others from their memory. */
export async function measureOwn(server, page, { rate, seconds }) {
  const debug = await debugThread(server);
  await set(page, false);
  const without = await turn(server, debug, { rate, seconds: seconds / 6 });
  const going = set(page, true);
  const live = await turn(server, debug, { rate, seconds });
  await going;
  return { share: (live.debug - without.debug) / without.all, busy: (live.debug * rate) / 1e6 };
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/* Between which of the numbers the true median lies, in 95 of 100 cases, whatever
 * their distribution is: with each number as likely to be above it as below. */
export function between(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const count = sorted.length;
  let chance = 0.5 ** count, below = chance, rank = 0;
  while (rank < (count - 1) >> 1 && below + (chance * (count - rank)) / (rank + 1) <= 0.025) {
    chance = (chance * (count - rank)) / (rank + 1);
    below += chance;
    rank++;
  }
  return [sorted[rank], sorted[count - 1 - rank]];
}
