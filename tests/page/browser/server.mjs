// The server of a test, and the browser that looks at it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const modules = createRequire(`${process.env.ASYNCSCOPE_TEST_MODULES}/`);
const { chromium } = modules("playwright-core");
export const axe = modules.resolve("axe-core/axe.min.js");

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

export function launch() {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}
