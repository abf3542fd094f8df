/* What is charted: the points that the program keeps of the last 60 seconds and
 * of the last 60 minutes. Pure but for its own state. */

export const POINTS = 60;

/* A point of /debug/history in the units of the charts. */
export function sampleOf(point) {
  return {
    number: point.number, at: point.atUs / 1e6, live: point.live, byType: point.byType,
    requestsPerSecond: (point.finished * 1e6) / point.spanUs,
    lagMs: point.lagP99Us / 1000, lagMaxMs: point.lagMaxUs / 1000, busy: point.utilization,
    poolDepth: point.poolActive + point.poolQueued,
  };
}

/* The last ones, each once, by number: they come in answers and in pulses, in
 * whatever order. */
export class Series {
  items = [];

  take(points) {
    const known = new Map(this.items.map((item) => [item.number, item]));
    for (const point of points) if (!known.has(point.number)) known.set(point.number, sampleOf(point));
    this.items = [...known.values()].sort((a, b) => a.number - b.number).slice(-POINTS);
  }

  get last() {
    return this.items[this.items.length - 1];
  }

  /* None is missing that the program still has. */
  get isWhole() {
    return this.items.length === 0 || this.items.length === Math.min(POINTS, this.last.number + 1);
  }
}

export class History {
  seconds = new Series();
  minutes = new Series();

  /* An answer of /debug/history, or a pulse. */
  take({ seconds, minutes }) {
    this.seconds.take(seconds);
    this.minutes.take(minutes);
  }

  get isWhole() {
    return this.seconds.isWhole && this.minutes.isWhole;
  }
}

/* The part of the time between two pulses in which a loop did not wait. */
export function busyOf(thread, before, elapsedUs) {
  if (!before || elapsedUs <= 0) return undefined;
  return Math.min(1, Math.max(0, 1 - (thread.idleUs - before.idleUs) / elapsedUs));
}

/* For each sample a Map of how many of each of `types` lived, and of all others
 * together. A type may have any name, also one that objects have members of. */
export function countsOf(samples, types) {
  return samples.map((sample) => {
    const counts = new Map(types.map((type) => [type, 0]));
    let others = 0;
    for (const [type, number] of Object.entries(sample.byType))
      if (counts.has(type)) counts.set(type, number);
      else others += number;
    return counts.set("others", others);
  });
}

/* The types with most to show, largest first. */
export function topTypes(samples, most) {
  const totals = new Map();
  for (const sample of samples)
    for (const [type, number] of Object.entries(sample.byType))
      if (type !== "others") totals.set(type, (totals.get(type) ?? 0) + number);
  return [...totals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, most).map(([type]) => type);
}
