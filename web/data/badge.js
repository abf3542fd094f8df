/* How much what is seen can be trusted: one word, and why. Pure. */

const STUCK_US = 500000;
const SILENT_MS = 3500;

/* Loops that are in one callback for so long that nothing else of them goes on. */
export function stuckThreads(pulse, sinceMs = 0) {
  return (pulse?.threads ?? [])
    .filter((thread) => thread.kind === "loop" && (thread.current?.sinceUs ?? 0) >= STUCK_US)
    .map((thread) => ({ ...thread, stuckUs: thread.current.sinceUs + sinceMs * 1000 }));
}

/* `state`: {connection: of net/stream.js, refusal: why it is not open, paused,
 * lastMs, pulse, dropped}. Answers {kind, text, why}. */
export function badgeOf(state, nowMs) {
  if (state.connection === "locked") return { kind: "down", text: "a token is needed" };
  if (state.paused) return { kind: "paused", text: "paused" };
  if (state.connection === "refused") return { kind: "down", text: "not understood: see the filter" };
  if (state.refusal) return { kind: "down", text: "refused, trying again", why: state.refusal };
  if (state.connection !== "open") return { kind: "down", text: "disconnected, trying again" };
  const silentMs = nowMs - state.lastMs;
  if (silentMs > SILENT_MS)
    return { kind: "stuck", text: `no answer for ${Math.round(silentMs / 1000)} s` };
  const stuck = stuckThreads(state.pulse, silentMs);
  if (stuck.length > 0) {
    const seconds = (Math.max(...stuck.map((thread) => thread.stuckUs)) / 1e6).toFixed(1);
    return { kind: "stuck", text: `${stuck.map((t) => t.name).join(", ")} stuck for ${seconds} s` };
  }
  if (state.dropped)
    return { kind: "dropped", text: "live, some events dropped",
      why: "More happens than can be told one by one. The numbers are right; of the requests that ended some are shown, and what lives is asked for anew." };
  return { kind: "live", text: "live" };
}
