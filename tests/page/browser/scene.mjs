// A server, load for it, and a browser that looks at it. Every page of a scene
// fails its test where the console has an error, or the browser reports what the
// Content-Security-Policy forbids.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { after } from "node:test";

const modules = createRequire(`${process.env.ASYNCSCOPE_TEST_MODULES}/`);
const { chromium } = modules("playwright-core");
export const axe = modules.resolve("axe-core/axe.min.js");

// What decides nothing: only how long a test hangs that would never end.
const PATIENCE_MS = 60000;

/* A server on free ports, or on those it had before. */
export class Server {
  constructor(options = []) {
    this.options = options;
  }

  async start(listen = "127.0.0.1:0", debug = "127.0.0.1:0") {
    this.child = spawn(process.env.ASYNCSCOPE_TEST_SERVER,
      ["--listen", listen, "--debug-listen", debug, "--demo-faults", ...this.options],
      { stdio: ["ignore", "pipe", "ignore"] });
    const lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.url = (await lines.next()).value.split(" ").pop();
    this.debug = (await lines.next()).value.split(" ").pop();
  }

  get port() {
    return Number(new URL(this.url).port);
  }

  async stop(signal = "SIGTERM") {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill(signal);
    await once(this.child, "exit");
  }

  /* Another process at the same addresses. */
  async restart() {
    await this.stop("SIGKILL");
    await this.start(new URL(this.url).host, new URL(this.debug).host);
  }

  async json(path) {
    return (await fetch(this.debug + path)).json();
  }
}

/* Requests that go on until it is stopped: some of every kind, and `open` ones
 * that wait for their timers. */
export class Load {
  #agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
  #stopped = false;
  #loops = [];

  constructor(port, open = 0) {
    this.port = port;
    const paths = ["/hello", "/sum?a=1&b=2", "/flow?ms=5&path=README.md&a=1&b=2", "/timer?ms=20", "/spin?ms=20", "/context"];
    for (const path of paths) this.#loops.push(this.#again(path));
    for (let i = 0; i < open; i++) this.hold("/timer?ms=25000");
  }

  get(path) {
    return new Promise((resolve) => {
      const request = http.get({ port: this.port, path, agent: this.#agent }, (response) => {
        response.resume().on("close", resolve);
      });
      request.on("error", () => setTimeout(resolve, 50)); /* a pace, too */
    });
  }

  hold(path) {
    this.#loops.push(this.#keep(path));
  }

  async #keep(path) {
    while (!this.#stopped) await this.get(path);
  }

  async #again(path) {
    while (!this.#stopped) {
      await this.get(path);
      await this.get("/timer?ms=40"); /* a pace, so that others have a turn */
    }
  }

  async stop() {
    this.#stopped = true;
    this.#agent.destroy();
    await Promise.all(this.#loops);
  }
}

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
  launched ??= chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage"] });
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

/* Calls `use(page)` with a page of its own, and then looks at what it said. */
async function openPage(it, path, { at = "debug", errors = [], use, ...options }) {
  const context = await it.browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const said = [];
  const page = await context.newPage();
  page.on("console", (message) => { if (message.type() === "error" || message.type() === "warning") said.push(message.text()); });
  page.on("pageerror", (error) => said.push(error.stack));
  await page.addInitScript(() => addEventListener("securitypolicyviolation", (event) => console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`)));
  try {
    await page.goto(it.server[at] + path);
    await use(page);
  } finally {
    await context.close();
  }
  assert.deepEqual(said.filter((text) => !errors.some((expected) => expected.test(text))), []);
}

export const badge = (page, kind) => page.locator(`.live-badge.${kind}`).waitFor();

/* The element has this text, or matches it, at some time. */
export async function says(page, selector, text) {
  await page.locator(selector).filter({ hasText: text }).first().waitFor();
}
