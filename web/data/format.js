/* Numbers for people. Pure. */

const STEPS = [
  [1e3, 1, "µs", "us"],
  [1e6, 1e3, "ms", "ms"],
  [60e6, 1e6, "s", "s"],
  [3600e6, 60e6, "min", "m"],
  [Infinity, 3600e6, "h", "h"],
];

/* Microseconds as {value, unit, magnitude}; the magnitude names the colour of
 * the unit: us ms s m h. */
export function duration(us) {
  const [, unitUs, unit, magnitude] = STEPS.find(([below]) => us < below);
  const value = us / unitUs;
  const digits = unitUs === 1 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return { value: value.toFixed(digits), unit, magnitude };
}

export function durationText(us) {
  if (us === undefined) return "";
  const { value, unit } = duration(us);
  return `${value} ${unit}`;
}

/* An age so long after it was told. What was young then may have ended since: it
 * goes on for as long again, not longer. */
export function agedUs(us, sinceUs) {
  return us + Math.min(us, Math.max(0, sinceUs));
}

/* 1234567 as "1 234 567", with thin spaces that do not break. */
export function count(number) {
  return String(Math.round(number ?? 0)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/* Where others of the same kind stand on another path, it says of how many. */
export function groupCount(node) {
  return `×${count(node.count)}${node.total > node.count ? ` of ${count(node.total)}` : ""}`;
}

/* In few characters: 1.2k, 34k, 1.2M. */
export function shortCount(number) {
  if (number < 1000) return Number.isInteger(number) ? String(number) : number.toFixed(1);
  if (number < 1e6) return `${(number / 1e3).toFixed(number < 1e4 ? 1 : 0)}k`;
  return `${(number / 1e6).toFixed(number < 1e7 ? 1 : 0)}M`;
}

export function bytes(number) {
  if (number < 1024) return `${number} B`;
  if (number < 1024 * 1024) return `${(number / 1024).toFixed(1)} KiB`;
  return `${(number / 1024 / 1024).toFixed(1)} MiB`;
}

/* How wide a title of the graph is, pixels: a little more than it is. */
export function widthOf(text) {
  let px = 0;
  for (const letter of text) px += widthOfLetter(letter);
  return px;
}

function widthOfLetter(letter) {
  if (letter > "\u2e7f") return 13;
  if (/[MWmw%@]/.test(letter)) return 11;
  if (/[ijlft.,:;'|!()[\] ]/.test(letter)) return 6.1;
  return /\p{Lu}/u.test(letter) ? 8.6 : 7.2;
}

/* Its beginning, if there is no room for all; not through the middle of a letter. */
export function cutText(text, px) {
  if (widthOf(text) <= px) return text;
  let left = px - widthOf("…"), end = 0;
  for (const letter of text) {
    left -= widthOfLetter(letter);
    if (left < 0) break;
    end += letter.length;
  }
  return `${text.slice(0, end)}…`;
}

/* "route_timer.c:59" */
export function siteShort(site) {
  return site ? `${site.file.split("/").pop()}:${site.line}` : "";
}

/* As the parameter site= has it. */
export function siteParameter(site) {
  return `${site.file}:${site.line}`;
}
