// The three calls of Deno that h1spec makes, by Node:
//   node --import deno.mjs http_test.ts HOST PORT
import net from "node:net";

class Connection {
  #socket;
  #pieces = [];
  #ended = false;
  #closed = false;
  #waiting = null;

  constructor(socket) {
    this.#socket = socket;
    socket.on("data", (piece) => this.#wake(() => this.#pieces.push(piece)));
    socket.on("close", () => this.#wake(() => (this.#ended = true)));
    socket.on("error", () => {});
  }

  #wake(change) {
    change();
    this.#waiting?.();
    this.#waiting = null;
  }

  write(bytes) {
    return new Promise((resolve) => this.#socket.write(bytes, resolve));
  }

  async read(buffer) {
    while (this.#pieces.length === 0 && !this.#ended)
      await new Promise((resolve) => (this.#waiting = resolve));
    const piece = this.#pieces.shift();
    if (this.#closed) throw new Error("closed");
    if (piece === undefined) return null;
    buffer.set(piece.subarray(0, buffer.length));
    return Math.min(piece.length, buffer.length);
  }

  close() {
    this.#closed = true;
    this.#socket.destroy();
  }
}

globalThis.Deno = {
  args: process.argv.slice(2),
  exit: process.exit,
  connect: ({ hostname, port }) =>
    new Promise((resolve, reject) => {
      const socket = net.connect(port, hostname, () =>
        resolve(new Connection(socket)));
      socket.once("error", reject);
    }),
};
