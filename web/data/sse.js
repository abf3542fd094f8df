/* Server-sent events out of text that comes in pieces. Pure but for its own
 * state. EventSource cannot send a token, so that the page reads by fetch(). */

export class EventParser {
  #rest = "";
  #event = "";
  #data = [];
  lastEventId = "";
  retryMs = 2000;

  /* The events that end in this piece: [{event, data, id}]. */
  push(text) {
    const events = [];
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    for (const line of lines) this.#take(line, events);
    return events;
  }

  #take(line, events) {
    if (line === "") {
      if (this.#data.length > 0)
        events.push({
          event: this.#event || "message",
          data: this.#data.join("\n"),
          id: this.lastEventId,
        });
      this.#event = "";
      this.#data = [];
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") this.#data.push(value);
    else if (name === "event") this.#event = value;
    else if (name === "id") this.lastEventId = value;
    else if (name === "retry" && /^\d+$/.test(value)) this.retryMs = Number(value);
  }
}
