/* A colour for each type: families of types share a hue, and what is not known
 * gets the one that its name gives, always the same. Pure. */

const FAMILIES = [
  ["http", /^HTTP/],
  ["net", /^(TCP|PIPE|UDP|TTY|WRITEWRAP|SHUTDOWNWRAP|STREAM)/],
  ["timer", /^(Timeout|Immediate|TickObject|Microtask)/],
  ["fs", /^(FS|FILEHANDLE|STATWATCHER)/],
  ["dns", /^(GETADDRINFO|GETNAMEINFO|DNS|QUERY)/],
  ["work", /^(WORK|THREADPOOL|RANDOMBYTES|PBKDF2|ZLIB)/],
  ["process", /^(PROCESS|SIGNAL|WORKER|MESSAGEPORT)/],
  ["promise", /^PROMISE/],
];
const OTHERS = ["other1", "other2", "other3"];

export function familyOf(type) {
  const family = FAMILIES.find(([, pattern]) => pattern.test(type ?? ""));
  if (family) return family[0];
  let hash = 0;
  for (const letter of type ?? "") hash = (hash * 31 + letter.codePointAt(0)) >>> 0;
  return OTHERS[hash % OTHERS.length];
}
