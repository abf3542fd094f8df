/* Where the nodes of the graph stand. A layer is a column; a node stands in the
 * row of its first child, so that one that comes moves only what is below. Pure. */

import { hierarchy } from "d3-hierarchy";

export const ROW = 40;
export const COLUMN = 312;

/* {nodes: [{id, node, x, y, parent}], rows, columns}: in the order in which they
 * are read, top down. */
export function layout(root) {
  const tree = hierarchy(root);
  const nodes = [];
  let row = -1;
  tree.eachBefore((at) => {
    if (at.depth === 0) return;
    const first = at.parent.children[0] === at;
    if (!first || at.depth === 1) row++;
    nodes.push({
      id: at.data.id, node: at.data, x: (at.depth - 1) * COLUMN, y: row * ROW,
      parent: at.depth > 1 ? at.parent.data.id : undefined,
    });
  });
  return { nodes, rows: row + 1, columns: tree.height };
}
