/* The colours of the style sheet, for what is drawn on a canvas. */

const NAMES = [
  "http", "net", "timer", "fs", "dns", "work", "process", "promise",
  "other1", "other2", "other3", "grid", "accent",
];
let known = null;

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { known = null; });

export function colors() {
  if (known) return known;
  const style = getComputedStyle(document.documentElement);
  known = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  return known;
}
