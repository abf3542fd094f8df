/* What ran where, as bars of lanes. Pure. */

/* The span that all threads cover: from where the shortest memory begins, at
 * most `seconds`. In microseconds since the process began. */
export function spanOf(answer, seconds) {
  const endUs = answer.process.uptimeUs;
  const wanted = seconds * 1e6;
  const covered = answer.threads
    .filter((thread) => thread.leftOut > 0 || thread.runs.length > 0)
    .map((thread) => (thread.leftOut > 0 && thread.runs.length > 0
      ? endUs - thread.runs[0].startUs : wanted));
  const spanUs = Math.max(1000, Math.min(wanted, endUs, ...covered));
  return { startUs: endUs - spanUs, endUs, spanUs };
}

const KINDS = { loop: 0, worker: 1, other: 2 };

/* Lanes: loops, workers, others; each with its runs in the span, the outer ones
 * before those inside them, and how deep each is nested. */
export function lanesOf(answer, span) {
  return [...answer.threads]
    .sort((a, b) => KINDS[a.kind] - KINDS[b.kind] || a.thread - b.thread)
    .map((thread) => ({ ...thread, runs: nested(thread.runs, span) }));
}

function nested(runs, span) {
  const inside = runs
    .filter((run) => run.startUs + run.runUs >= span.startUs)
    .sort((a, b) => a.startUs - b.startUs || b.runUs - a.runUs);
  const open = [];
  return inside.map((run) => {
    while (open.length > 0 && open[open.length - 1] <= run.startUs) open.pop();
    open.push(run.startUs + run.runUs);
    return { ...run, depth: open.length - 1 };
  });
}

/* The part of the span in which something ran there, at the top level. */
export function busyOfLane(lane, span) {
  const busyUs = lane.runs.filter((run) => run.depth === 0)
    .reduce((sum, run) => sum + Math.min(run.startUs + run.runUs, span.endUs) -
      Math.max(run.startUs, span.startUs), 0);
  return Math.min(1, busyUs / span.spanUs);
}

/* The innermost run at that time, or the nearest one within `slackUs`. */
export function runAt(lane, us, depth, slackUs) {
  let best, distance = slackUs;
  for (const run of lane.runs) {
    const away = us < run.startUs ? run.startUs - us
      : us > run.startUs + run.runUs ? us - run.startUs - run.runUs : 0;
    const off = away + Math.abs(run.depth - depth) * slackUs * 0.1;
    if (off <= distance) {
      distance = off;
      best = run;
    }
  }
  return best;
}
