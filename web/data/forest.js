/* The graph as trees of causes: what is shown of it, grouped by type and site
 * below the same cause, with the groups that are open. Pure but for the memory
 * of which node came first, so that each keeps its place. */

import { siteParameter } from "./format.js";

export const VISIBLE_MAX = 300;
export const ENDED_MS = 6000;
const MEMBERS_MAX = 60;

export function groupKey(node) {
  return `${node.type ?? "?"}@${node.site ? siteParameter(node.site) : ""}`;
}

/* A node's cause by the links of one kind. */
function causes(links) {
  const parents = new Map();
  for (const link of links)
    if (link.key === "trigger" && link.source !== link.target && !parents.has(link.target))
      parents.set(link.target, link.source);
  return parents;
}

/* Follows the causes; a ring of them ends where it would begin again. */
function isAbove(parents, above, id) {
  for (let at = id, turns = 0; at !== undefined && turns < 10000; turns++, at = parents.get(at))
    if (at === above) return true;
  return false;
}

export class Forest {
  #order = new Map();
  #items = new Map();
  execution = [];
  grouped = false;
  matched = 0;
  truncated = false;

  /* The answer of /debug/graph. What is not there any more stays for a while, as
   * ended. */
  take(graph, nowMs) {
    const grouped = !["none"].includes(graph.graph.groupBy);
    if (grouped !== this.grouped) this.clear();
    const parents = causes(graph.links);
    const seen = new Set();
    for (const node of graph.nodes) {
      seen.add(node.id);
      if (!this.#order.has(node.id)) this.#order.set(node.id, this.#order.size);
      this.#items.set(node.id, { ...node, parent: parents.get(node.id), endedMs: undefined });
    }
    for (const item of this.#items.values())
      if (!seen.has(item.id)) this.#end(item, grouped, nowMs);
    this.#breakRings();
    this.#forgetCauseless();
    this.execution = graph.links.filter((link) => link.key === "execution");
    this.grouped = grouped;
    this.matched = graph.graph.matched;
    this.truncated = graph.graph.truncated;
  }

  /* The ids of groups are of one answer alone. */
  #end(item, grouped, nowMs) {
    if (grouped || item.gone) this.#forget(item.id);
    else item.endedMs ??= nowMs;
  }

  /* Known to have ended before the next answer says so. */
  markEnded(keys, nowMs) {
    for (const key of keys) {
      const item = this.#items.get(key);
      if (item && !item.gone) item.endedMs ??= nowMs;
    }
  }

  expire(nowMs) {
    let changed = false;
    for (const [id, item] of this.#items)
      if (item.endedMs !== undefined && nowMs - item.endedMs > ENDED_MS) {
        this.#forget(id);
        changed = true;
      }
    return changed;
  }

  #forget(id) {
    this.#items.delete(id);
    this.#order.delete(id);
  }

  clear() {
    this.#items.clear();
    this.#order.clear();
  }

  #breakRings() {
    const parents = new Map([...this.#items].map(([id, item]) => [id, item.parent]));
    for (const item of this.#items.values())
      if (item.parent !== undefined && isAbove(parents, item.id, item.parent)) {
        item.parent = undefined;
        parents.delete(item.id);
      }
  }

  /* What is gone is there for what it caused: while an answer is made that may
   * have ended, too. */
  #forgetCauseless() {
    const caused = new Map();
    for (const { parent } of this.#items.values()) caused.set(parent, (caused.get(parent) ?? 0) + 1);
    const leaves = [...this.#items.values()].filter((item) => item.gone && !caused.has(item.id));
    for (let item; (item = leaves.pop());) {
      this.#forget(item.id);
      caused.set(item.parent, caused.get(item.parent) - 1);
      const parent = this.#items.get(item.parent);
      if (parent?.gone && caused.get(parent.id) === 0) leaves.push(parent);
    }
  }

  get size() {
    return this.#items.size;
  }

  get(id) {
    return this.#items.get(id);
  }

  #sorted(items) {
    return items.sort((a, b) => this.#order.get(a.id) - this.#order.get(b.id));
  }

  #children() {
    const children = new Map();
    for (const item of this.#items.values()) {
      const known = this.#items.has(item.parent);
      /* What ended with its cause does not outlive it here. */
      if (!known && item.parent !== undefined && item.endedMs !== undefined) continue;
      const parent = known ? item.parent : "";
      if (!children.has(parent)) children.set(parent, []);
      children.get(parent).push(item);
    }
    return children;
  }

  /* {root, shown, cut}: root is a node without a face; below it
   *   {id, kind: "resource", item, children}
   *   {id, kind: "group", type, site, count, states, open, children}, and of a
   *     group of the server `total`: with those on other paths
   *   {id, kind: "more", count, of}
   * `open(id, count)` says which groups are open; `members` (a Map by the id of
   * a group of the server) holds what was loaded of those. */
  visible(open, members = new Map()) {
    const children = this.#children();
    const budget = { left: VISIBLE_MAX, cut: 0, totals: this.#totals() };
    const root = { id: "", kind: "root" };
    root.children = this.grouped
      ? this.#serverGroups(children, "", open, members, budget)
      : this.#groups(children.get("") ?? [], "", children, open, budget);
    return { root, shown: VISIBLE_MAX - budget.left, cut: budget.cut };
  }

  #take(budget, node, weight = 1) {
    if (budget.left <= 0) {
      budget.cut += weight;
      return [];
    }
    budget.left--;
    return [node];
  }

  #groups(items, path, children, open, budget) {
    const groups = new Map();
    for (const item of this.#sorted(items)) {
      const key = groupKey(item);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(item);
    }
    return [...groups].flatMap(([key, list]) =>
      this.#group(list, `${path}>${key}`, children, open, budget));
  }

  #group(list, path, children, open, budget) {
    if (list.length === 1) return this.#single(list[0], path, children, open, budget);
    if (open(path, list.length)) return this.#opened(list, path, children, open, budget);
    const alive = list.filter((item) => stateOf(item) !== "destroyed");
    const node = {
      id: path, kind: "group", type: list[0].type, site: list[0].site,
      count: alive.length || list.length, ended: alive.length === 0, open: false,
      states: statesOf(alive.length > 0 ? alive : list), ...agesOf(list),
      requests: new Set(list.map((item) => item.requestId).filter(Boolean)),
      gone: list.every((item) => item.gone),
      keys: list.map((item) => item.id), children: [],
    };
    const taken = this.#take(budget, node, list.length);
    if (taken.length > 0)
      node.children = this.#groups(
        list.flatMap((item) => children.get(item.id) ?? []), path, children, open, budget);
    return taken;
  }

  #opened(list, path, children, open, budget) {
    const shown = list.slice(0, MEMBERS_MAX);
    const nodes = shown.flatMap((item, at) =>
      this.#single(item, at === 0 ? path : `${path}#${item.id}`, children, open, budget));
    for (const node of nodes) node.group = path;
    const rest = list.length - nodes.length;
    if (rest > 0 && nodes.length > 0) {
      budget.cut += rest - Math.max(0, shown.length - nodes.length);
      nodes.push({ id: `${path}+`, kind: "more", count: rest, of: path, children: [] });
    }
    return nodes;
  }

  #single(item, path, children, open, budget) {
    const node = { id: item.id, kind: "resource", item, children: [] };
    const taken = this.#take(budget, node);
    if (taken.length > 0)
      node.children = this.#groups(
        children.get(item.id) ?? [], `${path}#${item.id}`, children, open, budget);
    return taken;
  }

  /* Of each type and site, on whatever path: one that lost its cause to the
   * limits of what is remembered stands on another. */
  #totals() {
    const totals = new Map();
    for (const item of this.#items.values())
      totals.set(groupKey(item), (totals.get(groupKey(item)) ?? 0) + (item.count ?? 0));
    return totals;
  }

  /* Its groups are by path already. An opened one shows some of its own first. */
  #serverGroups(children, parent, open, members, budget) {
    const list = (children.get(parent) ?? [])
      .sort((a, b) => (groupKey(a) < groupKey(b) ? -1 : 1));
    return list.flatMap((item) => {
      const path = this.#pathOf(item);
      const loaded = open(path, item.count) ? members.get(path) : undefined;
      const node = {
        id: path, kind: "group", type: item.type, site: item.site, count: item.count ?? 0,
        total: budget.totals.get(groupKey(item)),
        states: item.states, oldestUs: item.oldestAgeUs, gone: item.gone, open: loaded !== undefined,
        requests: new Set(), keys: [item.id], children: [],
      };
      const taken = this.#take(budget, node);
      if (taken.length === 0) return taken;
      node.children = [
        ...this.#loaded(loaded, node, budget),
        ...this.#serverGroups(children, item.id, open, members, budget),
      ];
      return taken;
    });
  }

  #loaded(loaded, group, budget) {
    if (!loaded) return [];
    const nodes = loaded.flatMap((item) =>
      this.#take(budget, { id: item.key, kind: "resource", item: { ...item, id: item.key }, children: [] }));
    if (group.count > nodes.length)
      nodes.push({ id: `${group.id}+`, kind: "more", count: group.count - nodes.length, of: group.id, children: [] });
    return nodes;
  }

  /* The same from answer to answer, as its id is not. */
  #pathOf(item) {
    const steps = [];
    for (let at = item; at; at = this.#items.get(at.parent)) steps.unshift(groupKey(at));
    return `>${steps.join(">")}`;
  }
}

export function statesOf(items) {
  const states = {};
  for (const item of items) {
    const state = stateOf(item);
    states[state] = (states[state] ?? 0) + 1;
  }
  return states;
}

function agesOf(items) {
  const ages = items.map((item) => item.ageUs).filter((age) => age !== undefined);
  return ages.length === 0 ? {} : { oldestUs: Math.max(...ages) };
}

export function stateOf(item) {
  if (item.gone || item.endedMs !== undefined) return "destroyed";
  return item.state ?? "idle";
}
