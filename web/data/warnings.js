/* From a warning to the list it is about. Pure. */

import { siteParameter } from "./format.js";

/* The filter whose resources the warning names, as near as one can say it; null
 * where it names none. */
export function filterOfWarning(warning) {
  if (warning.requestId) return new Map([["request", warning.requestId]]);
  if (warning.site) return new Map([["site", siteParameter(warning.site)]]);
  if (warning.keys?.length === 1) return new Map([["root", warning.keys[0]]]);
  return null;
}

/* Of one resource or request: those that name it. */
export function warningsOf(warnings, selected) {
  return warnings.filter((warning) =>
    warning.requestId === selected || (warning.keys ?? []).includes(selected));
}

/* One name for each, the same from answer to answer: of two of one kind and place
 * the order tells them apart. */
export function nameWarnings(warnings) {
  const seen = new Map();
  return warnings.map((warning) => {
    const name = `${warning.code} ${warning.site ? siteParameter(warning.site) : ""}`;
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return { name: before > 0 ? `${name} ${before}` : name, warning };
  });
}

const RANK = { error: 0, warn: 1 };

export function sortWarnings(warnings) {
  return [...warnings].sort((a, b) =>
    (RANK[a.severity] ?? 2) - (RANK[b.severity] ?? 2) || b.count - a.count);
}
