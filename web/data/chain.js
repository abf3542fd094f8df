/* How a chain of causes ends, in words. Pure. */

const ENDS = new Map([
  ["root", "here the program began it"],
  ["none", "its cause is not known"],
  ["forgotten", "what came before is not remembered"],
  ["cycle", "a ring of causes"],
  ["limit", "and further"],
]);

/* `end`: as the answer of /debug/resources/ID/why has it. */
export function endOfChain(end) {
  return ENDS.get(end) ?? end;
}
