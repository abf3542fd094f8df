/* The rows of the table of requests. Pure but for its own state. */

export const GREY_MS = 6000;
const ROWS_MAX = 400;

/* Where the time of a request went, in parts of 1 that add up to 1. Loops and
 * workers may work for it at once: then there is no idle time, and what is left
 * is shared out. */
export function shares(row) {
  const { loopUs, workerUs, queueUs } = row.cost;
  const whole = row.durationUs ?? row.ageUs;
  const used = loopUs + workerUs + queueUs;
  const all = Math.max(whole, used, 1);
  return {
    loop: loopUs / all,
    queue: queueUs / all,
    worker: workerUs / all,
    idle: Math.max(0, all - used) / all,
  };
}

/* Ages go on between two pulses: `nowMs` is the client's clock. */
export function ageUs(row, nowMs) {
  if (row.durationUs !== undefined) return row.durationUs;
  return row.ageUs + Math.max(0, nowMs - row.seenMs) * 1000;
}

export class RequestTable {
  #rows = new Map();
  #live = new Map();
  #arrived = 0;
  #ended = 0;
  isKnown = false; /* a pulse has told of them */

  /* A pulse's requests and those that ended since the one before. */
  take(pulse, nowMs) {
    const active = new Set();
    for (const row of pulse.requests) {
      active.add(row.requestId);
      this.#put(row, nowMs);
    }
    const finished = [...pulse.finished].sort((a, b) => b.endedAgoUs - a.endedAgoUs);
    for (const row of finished) this.#put({ ...row, ...this.#end(row, nowMs - row.endedAgoUs / 1000) }, nowMs);
    this.#endMissing(active, pulse, nowMs);
    this.expire(nowMs);
    this.isKnown = true;
  }

  /* How many resources live for each, where that is known. */
  takeLive(requests) {
    this.#live = new Map(requests.map((row) => [row.requestId, row.live]));
  }

  #put(row, nowMs) {
    const before = this.#rows.get(row.requestId);
    this.#rows.set(row.requestId, { ...row, order: before?.order ?? this.#arrived++, seenMs: nowMs });
  }

  /* Once for each: when it ended, and behind which others. */
  #end({ requestId }, nowMs) {
    const { endedMs = nowMs, ended = this.#ended++ } = this.#rows.get(requestId) ?? {};
    return { endedMs, ended };
  }

  /* One that is not told any more has ended: between the last ones that a pulse
   * tells of there may be more. When, nobody knows of one that was not seen for
   * long. */
  #endMissing(active, pulse, nowMs) {
    const all = pulse.requestCounts.active <= pulse.requests.length;
    for (const [id, row] of this.#rows)
      if (row.state === "active" && !active.has(id)) {
        if (nowMs - row.seenMs > GREY_MS) this.#rows.delete(id);
        else if (all) Object.assign(row, { state: "finished", durationUs: ageUs(row, nowMs) }, this.#end(row, nowMs));
      }
  }

  expire(nowMs) {
    for (const [id, row] of this.#rows)
      if (row.endedMs !== undefined && nowMs - row.endedMs > GREY_MS)
        this.#rows.delete(id);
    const over = this.#rows.size - ROWS_MAX;
    if (over > 0) for (const id of this.#leastWanted().slice(0, over)) this.#rows.delete(id);
  }

  /* What has ended goes before what is in flight, the longest known first. */
  #leastWanted() {
    const ids = (active) => [...this.#rows.values()].filter((row) => (row.state === "active") === active).map((row) => row.requestId);
    return [...ids(false), ...ids(true)];
  }

  clear() {
    this.#rows.clear();
    this.#live.clear();
    this.isKnown = false;
  }

  get(id) {
    return this.#rows.get(id);
  }

  /* Those in flight first, the oldest on top; then those that ended, the latest
   * on top. Another order where it is asked for. */
  rows(sort, nowMs) {
    const rows = [...this.#rows.values()].map((row) => ({
      ...row,
      live: row.state === "active" ? this.#live.get(row.requestId) : undefined,
    }));
    const value = VALUES[sort.by];
    rows.sort((a, b) => Number(b.state === "active") - Number(a.state === "active") ||
      (value ? (value(a, nowMs) < value(b, nowMs) ? -1 : value(a, nowMs) > value(b, nowMs) ? 1 : 0) *
        (sort.descending ? -1 : 1)
        : 0) ||
      (a.state === "active" ? a.order - b.order : b.ended - a.ended));
    return rows;
  }
}

const VALUES = {
  request: (row) => Number(row.requestId.slice(1)),
  name: (row) => row.name,
  status: (row) => row.status ?? 0,
  time: (row, nowMs) => ageUs(row, nowMs),
  loop: (row) => row.cost.loopUs,
  queue: (row) => row.cost.queueUs,
  worker: (row) => row.cost.workerUs,
  resources: (row) => row.live ?? row.cost.resources,
  bytes: (row) => row.cost.bytesOut,
};
