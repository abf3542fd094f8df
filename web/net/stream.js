/* The one stream of events of the page: opened again when it ends, from where
 * it was; closed while nobody looks. */

import { EventParser } from "../data/sse.js";
import { painted } from "../dom.js";

const RETRY_MAX_MS = 15000;

export class EventStream {
  #api;
  #handlers;
  #abort = null;
  #timer = 0;
  #failures = 0;
  #lastEventId = "";
  #path = "";

  /* handlers: onEvent(event, data, program), `program` is another for each one that
   * runs; onState("open" | "connecting" | "closed" | "locked" | "refused", why):
   * the last one is of the query, and then it does not try again, and
   * onProblem(ApiError) says it. */
  constructor(api, handlers) {
    this.#api = api;
    this.#handlers = handlers;
  }

  /* Also from one path to another. */
  open(path) {
    if (path !== this.#path) this.#lastEventId = "";
    this.close();
    this.#path = path;
    this.#failures = 0;
    this.#connect();
  }

  close() {
    clearTimeout(this.#timer);
    if (!this.#abort) return;
    this.#abort.abort();
    this.#abort = null;
    this.#handlers.onState("closed");
  }

  /* It has ended by itself, and nothing is to be tried. */
  #end(state) {
    this.#abort = null;
    this.#handlers.onState(state);
  }

  async #connect() {
    const abort = new AbortController();
    const parser = new EventParser();
    let why = "";
    this.#abort = abort;
    this.#handlers.onState("connecting");
    await painted();
    if (abort.signal.aborted) return;
    try {
      await this.#read(abort, parser);
    } catch (error) {
      if (abort.signal.aborted) return;
      if (error.status === 401) return this.#end("locked");
      if (error.status === 400) {
        this.#end("refused");
        return this.#handlers.onProblem(error);
      }
      if (error.status) why = error.message;
    }
    if (!abort.signal.aborted) this.#retry(parser.retryMs, why);
  }

  async #read(abort, parser) {
    const headers = { Accept: "text/event-stream" };
    if (this.#lastEventId) headers["Last-Event-ID"] = this.#lastEventId;
    const response = await this.#api.fetch(this.#path, { headers, signal: abort.signal });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    this.#failures = 0;
    this.#handlers.onState("open");
    for (;;) {
      const { done, value } = await reader.read();
      if (done || abort.signal.aborted) return;
      for (const { event, data, id } of parser.push(value)) {
        this.#lastEventId = id;
        this.#handlers.onEvent(event, JSON.parse(data), id.split(":")[0]);
      }
    }
  }

  /* Not at the same time as all others that lost the same program. */
  #retry(retryMs, why) {
    this.#handlers.onState("connecting", why);
    const pause = Math.min(RETRY_MAX_MS, (retryMs / 2) * 2 ** Math.min(this.#failures++, 4)) * (0.75 + Math.random() / 2);
    this.#timer = setTimeout(() => this.#connect(), pause);
  }
}
