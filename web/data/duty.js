/* How often the page may ask for what is not cheap. Pure.
 *
 * What a question costs the program is known when it is answered: the time the
 * capture took, and that of writing so many bytes. The next one is asked after a
 * thousand times that, so that a page costs no more than a thousandth of a core
 * for each of the two questions it repeats, however much lives. */

const SHARE = 1000;
const BYTES_PER_US = 50;
const MIN_MS = 1000;
const MAX_MS = 60000;

export function pauseMs(buildUs, bytes) {
  const costMs = (buildUs + bytes / BYTES_PER_US) / 1000;
  return Math.min(MAX_MS, Math.max(MIN_MS, Math.round(costMs * SHARE)));
}
