/* Which rows of a long table are near enough to be seen. Pure. */

const MARGIN = 6; /* rows above and below, so that scrolling shows no gap */
const UNKNOWN_PX = 800; /* the height of what was not laid out yet */

/* `view`: {scrollTop, clientHeight} of what scrolls. Answers {first, end}. */
export function windowOf(count, rowPx, view) {
  const height = view.clientHeight || UNKNOWN_PX;
  const first = Math.floor(Math.max(0, view.scrollTop) / rowPx) - MARGIN;
  const shown = Math.ceil(height / rowPx) + 2 * MARGIN;
  const start = Math.max(0, Math.min(first, count - shown));
  return { first: start, end: Math.min(count, start + shown) };
}
