/* How often the page may ask for what is not cheap. Pure.
 *
 * What a question costs the program is known when it is answered: the time that
 * the answer says, or that of a look at all that lives, and that of writing so many
 * bytes. The next one is asked after so many times that. All of them and the stream
 * take little more than a thousandth of a core together, however much lives: less
 * than 3 % of a program that answers 5,000 requests a second. */

export const OFTEN = 4000; /* what is looked at */
export const SELDOM = 8000; /* what stands beside it */
const BYTES_PER_US = 50;
const RECORDS_PER_US = 30;
const MIN_MS = 1000;
const MAX_MS = 60000;

/* `live`: how many records there are to look at. */
export function pauseMs(buildUs, bytes, live = 0, times = OFTEN) {
  const costMs = (Math.max(buildUs, live / RECORDS_PER_US) + bytes / BYTES_PER_US) / 1000;
  return Math.min(MAX_MS, Math.max(MIN_MS, Math.round(costMs * times)));
}
