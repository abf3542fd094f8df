/* The one stream of events of the page: opened again when it ends, from where
 * it was; closed while nobody looks. */

import { EventParser } from "../data/sse.js";

const RETRY_MAX_MS = 15000;

export class EventStream {
  #api;
  #handlers;
  #abort = null;
  #timer = 0;
  #failures = 0;
  #lastEventId = "";
  #path = "";

  /* handlers: onEvent(event, data), onState("open" | "connecting" | "closed" |
   * "locked"), onProblem(ApiError): of the query, and then it does not try
   * again. */
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
    this.#abort?.abort();
    this.#abort = null;
    this.#handlers.onState("closed");
  }

  get isOpen() {
    return this.#abort !== null;
  }

  async #connect() {
    const abort = new AbortController();
    const parser = new EventParser();
    this.#abort = abort;
    this.#handlers.onState("connecting");
    try {
      await this.#read(abort, parser);
    } catch (error) {
      if (abort.signal.aborted) return;
      if (error.status === 401) return this.#handlers.onState("locked");
      if (error.status >= 400 && error.status < 500) {
        this.#handlers.onState("connecting");
        return this.#handlers.onProblem(error);
      }
    }
    if (!abort.signal.aborted) this.#retry(parser.retryMs);
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
        this.#handlers.onEvent(event, JSON.parse(data));
      }
    }
  }

  #retry(retryMs) {
    this.#handlers.onState("connecting");
    const pause = Math.min(RETRY_MAX_MS, (retryMs / 2) * 2 ** Math.min(this.#failures++, 4));
    this.#timer = setTimeout(() => this.#connect(), pause);
  }
}
