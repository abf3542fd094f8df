/* What is charted: the last 60 seconds, and the last 60 minutes as means of a
 * minute. Pure but for its own state. */

export class Ring {
  constructor(size) {
    this.size = size;
    this.items = [];
  }
  push(item) {
    this.items.push(item);
    if (this.items.length > this.size) this.items.shift();
  }
}

function mean(samples, name) {
  const values = samples.map((sample) => sample[name]).filter((value) => value !== undefined);
  return values.length === 0 ? undefined
    : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanByType(samples) {
  const types = {};
  for (const sample of samples)
    for (const [type, number] of Object.entries(sample.byType))
      types[type] = (types[type] ?? 0) + number / samples.length;
  return types;
}

const NUMBERS = ["live", "requestsPerSecond", "lagMs", "busy", "poolDepth", "active"];

export function meanSample(samples) {
  const result = { at: samples[samples.length - 1].at, byType: meanByType(samples) };
  for (const name of NUMBERS) result[name] = mean(samples, name);
  return result;
}

export class History {
  seconds = new Ring(60);
  minutes = new Ring(60);
  #minute = [];

  push(sample) {
    this.seconds.push(sample);
    this.#minute.push(sample);
    if (sample.at - this.#minute[0].at >= 60) {
      this.minutes.push(meanSample(this.#minute));
      this.#minute = [];
    }
  }
}

/* How long a turn of the loop was busy on average since the pulse before, in
 * milliseconds; a callback that it is stuck in counts with its length. */
function lagOf(thread, before, elapsedUs) {
  const turns = thread.iterations - before.iterations;
  const busyUs = Math.max(0, elapsedUs - (thread.idleUs - before.idleUs));
  const mean = turns > 0 ? Math.min(busyUs, elapsedUs) / turns : 0;
  return Math.max(mean, thread.current?.sinceUs ?? 0) / 1000;
}

export function busyOf(thread, before, elapsedUs) {
  if (!before || elapsedUs <= 0) return undefined;
  return Math.min(1, Math.max(0, 1 - (thread.idleUs - before.idleUs) / elapsedUs));
}

/* A sample out of two pulses; without the first one what has no rate yet is
 * undefined. */
export function sampleOf(pulse, before) {
  const elapsedUs = before ? pulse.uptimeUs - before.uptimeUs : 0;
  const sample = {
    at: pulse.uptimeUs / 1e6,
    live: pulse.counts.live,
    byType: pulse.counts.byType,
    active: pulse.requestCounts.active,
    poolDepth: pulse.pools.reduce((sum, pool) => sum + pool.queued + pool.active, 0),
  };
  if (elapsedUs <= 0) return sample;
  sample.requestsPerSecond =
    ((pulse.requestCounts.finished - before.requestCounts.finished) * 1e6) / elapsedUs;
  const lags = [], busy = [];
  for (const thread of pulse.threads) {
    const earlier = before.threads.find((other) => other.thread === thread.thread);
    if (thread.kind !== "loop" || !earlier) continue;
    lags.push(lagOf(thread, earlier, elapsedUs));
    busy.push(busyOf(thread, earlier, elapsedUs));
  }
  if (lags.length > 0) {
    sample.lagMs = Math.max(...lags);
    sample.busy = Math.max(...busy);
  }
  return sample;
}

/* The types with most to show, largest first, and all others as one. */
export function topTypes(samples, most) {
  const totals = new Map();
  for (const sample of samples)
    for (const [type, number] of Object.entries(sample.byType))
      totals.set(type, (totals.get(type) ?? 0) + number);
  return [...totals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, most).map(([type]) => type);
}
