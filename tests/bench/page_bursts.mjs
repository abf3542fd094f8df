// What a loaded program's own threads pay for the page. They run nothing for it:
// what they may lose is what they have to fetch back of their memory behind each
// burst in which the diagnostics' thread reads it. So the time that their requests
// take near a burst is held against that of the requests around it, a tenth of a
// second away: a machine's speed changes by more than the page costs, but seldom as
// fast as that. And it counts only while the load came at its rate: what has waited
// comes at once, and is answered for less.

export const WINDOW_MS = 10;
/* Without a page that thread takes less in a window, to look after the loops. */
const BURST_NS = 60e3;
const NEAR_AFTER = 3, FAR_FROM = 5, FAR_TO = 15; /* windows */
const STEADY_LEAST = 0.5, STEADY_MOST = 2; /* of the requests of most windows */

/* What happened between one sample and the next. */
export function windowsOf(samples) {
  return samples.slice(1).map((sample, i) => ({
    requests: sample.requests - samples[i].requests,
    program: sample.program - samples[i].program,
    debug: sample.debug - samples[i].debug,
  }));
}

/* [first, end) of each burst with what is near it; those that touch are one. */
function burstsOf(windows) {
  const bursts = [];
  windows.forEach(({ debug }, at) => {
    if (debug < BURST_NS) return;
    const last = bursts.at(-1);
    if (last && at <= last.end) last.end = at + 1 + NEAR_AFTER;
    else bursts.push({ first: at, end: at + 1 + NEAR_AFTER });
  });
  return bursts;
}

function sumOf(windows) {
  return windows.reduce((all, { requests, program }) => ({ requests: all.requests + requests, program: all.program + program }), { requests: 0, program: 0 });
}

/* For each window, whether so many requests came in it as in most of them. */
function steady(windows) {
  const sorted = windows.map(({ requests }) => requests).sort((a, b) => a - b);
  const usual = sorted[Math.floor(sorted.length / 2)];
  return windows.map(({ requests }) => requests >= STEADY_LEAST * usual && requests <= STEADY_MOST * usual);
}

/* Nanoseconds that the requests near this burst took more than those around it;
 * undefined where others surround it. */
function extraOf({ first, end }, windows, isNear, isSteady) {
  const those = (from, to, near) => windows.filter((_, at) => at >= from && at < to && isSteady[at] && isNear[at] === near);
  const far = sumOf([...those(first - FAR_TO, first - FAR_FROM, false), ...those(end + FAR_FROM, end + FAR_TO, false)]);
  const near = sumOf(those(first, end, true));
  return far.requests > 0 && near.requests > 0 ? near.program - far.program * near.requests / far.requests : undefined;
}

/* {bursts, share, error}: what was lost near the bursts, as a share of all that the
 * program's threads took; in 95 of 100 cases it is off by less than `error`. */
export function lostNearBursts(windows) {
  const bursts = burstsOf(windows), isNear = windows.map(() => false);
  for (const { first, end } of bursts) isNear.fill(true, first, end);
  const isSteady = steady(windows);
  const extras = bursts.map((burst) => extraOf(burst, windows, isNear, isSteady)).filter((extra) => extra !== undefined);
  const mean = extras.reduce((all, one) => all + one, 0) / extras.length;
  const variance = extras.reduce((all, one) => all + (one - mean) ** 2, 0) / (extras.length - 1);
  const perBurst = bursts.length / sumOf(windows).program;
  return { bursts: bursts.length, share: mean * perBurst, error: 1.96 * Math.sqrt(variance / extras.length) * perBurst };
}
