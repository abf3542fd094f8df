/* The lines of the graph: from each node's cause to it, and where what is shown
 * was made by something else that is shown. Pure. */

/* Which shown node stands for a resource: it itself, or its group. */
function ownersOf(places) {
  const owners = new Map();
  for (const { id, node } of places) {
    if (node.kind === "resource") owners.set(id, id);
    for (const key of node.keys ?? []) owners.set(key, id);
  }
  return owners;
}

function triggerEdges(places, placed) {
  return places.filter((to) => placed.has(to.parent)).map((to) =>
    ({ id: `t ${to.id}`, kind: "trigger", from: placed.get(to.parent), to }));
}

function executionEdges(places, placed, execution) {
  const owners = ownersOf(places);
  return execution.map(({ source, target }) => [placed.get(owners.get(source)), placed.get(owners.get(target))])
    .filter(([from, to]) => from && to && from !== to)
    .map(([from, to]) => ({ id: `x ${from.id} ${to.id}`, kind: "execution", from, to }));
}

/* Of places as layout() has them: [{id, kind, from, to}], each once. */
export function edgesOf(places, execution) {
  const placed = new Map(places.map((place) => [place.id, place]));
  const edges = [...triggerEdges(places, placed), ...executionEdges(places, placed, execution)];
  return [...new Map(edges.map((edge) => [edge.id, edge])).values()];
}
