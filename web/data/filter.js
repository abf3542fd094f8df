/* The filter: what stands in the bar, in the page's address, and in the queries
 * of the API. All three are the same text. Pure. */

export const PARAMETERS = [
  "type", "state", "request", "thread", "loop", "site", "trigger", "root",
  "depth", "older_than", "ref", "internal",
];

/* Which of them each endpoint takes. */
const TAKEN = {
  resources: PARAMETERS,
  requests: ["request", "thread", "loop", "older_than", "internal"],
  runs: ["thread", "loop", "internal"],
  threads: ["thread", "loop", "internal"],
  trace: ["internal"],
};

/* "type=Timeout older_than=10s", also with & between them, as a Map in the
 * order of the text. A word without "=" is a type; a value with a blank in it has
 * %20 there. Answers {filter, problem}. */
export function parseFilter(text) {
  const filter = new Map();
  let problem = "";
  for (const part of text.trim().split(/[\s&]+/)) {
    if (part === "") continue;
    const at = part.indexOf("=");
    const name = at < 0 ? "type" : part.slice(0, at);
    const value = decode(at < 0 ? part : part.slice(at + 1));
    if (!PARAMETERS.includes(name))
      problem ||= `${name}: not a filter; there are ${PARAMETERS.join(", ")}`;
    else if (value === "") problem ||= `${name}: has no value`;
    else filter.set(name, value);
  }
  return { filter, problem };
}

/* What would end a value, or begin an escape, is escaped, as in a query. */
export function filterText(filter) {
  return [...filter].map(([name, value]) => `${name}=${value.replace(/[\s&%]/g, encodeURIComponent)}`).join(" ");
}

/* What is no escape is meant as it stands. */
function decode(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/* Characters that a query may have as they are stay readable. */
function encode(value) {
  return encodeURIComponent(value).replace(/%(3A|2C|2F|2A)/gi, decodeURIComponent);
}

export function filterQuery(filter) {
  return [...filter].map(([name, value]) => `${name}=${encode(value)}`).join("&");
}

/* Out of the search part of an address; what is no filter is left out. */
export function filterOfQuery(query) {
  const filter = new Map();
  for (const [name, value] of new URLSearchParams(query))
    if (PARAMETERS.includes(name) && value !== "") filter.set(name, value);
  return filter;
}

/* "path?query" of an endpoint: the part of the filter that it takes, and what
 * else is asked for. */
export function target(path, kind, filter, others = {}) {
  const query = new Map();
  for (const name of TAKEN[kind] ?? [])
    if (filter.has(name)) query.set(name, filter.get(name));
  for (const [name, value] of Object.entries(others))
    if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? path : `${path}?${filterQuery(query)}`;
}

/* In single quotes a shell takes everything as it is, but for themselves. */
export function curl(origin, path, hasToken) {
  const quoted = `'${(origin + path).replaceAll("'", "'\\''")}'`;
  const token = hasToken ? ` -H "Authorization: Bearer $TOKEN"` : "";
  return `curl -s${token} ${quoted}`;
}

// The server refuses a stream that is to look at more: DEBUG_SEEN_MAX.
export const LOOKED_AT_MAX = 65536;

/* What else the stream of events is asked for. Where events do not tell what
 * matches, a delta is of what the snapshot lists: all that it can, then. */
const UNTOLD = ["state", "trigger", "root", "older_than", "ref"];
export function streamQuery(filter) {
  return UNTOLD.some((name) => filter.has(name))
    ? { include: "pulse", fields: "key", sort: "age", limit: LOOKED_AT_MAX }
    : { include: "pulse", limit: 1 };
}
