/* How old is what is seen, and why it is not newer, in words. Pure. */

const OFTEN_MS = 2000; /* asked for so often, it is of now */

/* `poll`: {answeredMs, 0 before the first answer; everyMs; problem, "" where the
 * last question was answered}. */
export function seenText({ answeredMs, everyMs, problem }, nowMs) {
  if (answeredMs === 0) return problem && `not seen: ${problem}`;
  const age = Math.round((nowMs - answeredMs) / 1000);
  if (problem) return `seen ${age} s ago, then: ${problem}`;
  if (everyMs <= OFTEN_MS) return "";
  const left = Math.round(everyMs / 1000 - age);
  return `seen ${age} s ago${left > 0 ? `, next in ${left} s` : ""}`;
}

/* Whether where nothing is shown there is nothing. */
export function isKnown({ answeredMs, problem }) {
  return answeredMs > 0 && problem === "";
}
