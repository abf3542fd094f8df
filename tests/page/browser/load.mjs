// What a program is asked for while it is looked at.
import http from "node:http";

const OPEN_MS = 25000;

/* Requests that go on until it is stopped: some of every kind, and `open` ones
 * that wait for their timers. These end one after the other, so that of three one
 * has most of its time left. */
export class Load {
  #agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
  #stopped = false;
  #loops = [];

  constructor(port, open = 0) {
    this.port = port;
    const paths = ["/hello", "/sum?a=1&b=2", "/flow?ms=5&path=README.md&a=1&b=2", "/timer?ms=20", "/spin?ms=20", "/context"];
    for (const path of paths) this.#loops.push(this.#again(path));
    for (let i = 1; i <= open; i++) this.#loops.push(this.#keep(`/timer?ms=${OPEN_MS}`, `/timer?ms=${Math.ceil(OPEN_MS * i / open)}`));
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

  async #keep(path, first = path) {
    await this.get(first);
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
