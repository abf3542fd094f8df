/* The graph as a drawing: trees that can be moved and zoomed. */

import { linkHorizontal } from "d3-shape";
import { select } from "d3-selection";
import { zoom, zoomIdentity, zoomTransform } from "d3-zoom";
import { reconcile, s, setAttribute } from "../dom.js";
import { edgesOf } from "../data/edges.js";
import { COLUMN, ROW } from "../data/layout.js";
import { createNode, HEIGHT, updateNode, WIDTH } from "./graph_node.js";

const curve = linkHorizontal().x((point) => point[0]).y((point) => point[1]);

export class GraphCanvas {
  isMoved = false; /* by who looks at it: then it stays where it is */
  #nodes = new Map();
  #links = new Map();
  #places = new Map(); /* by id, as they were drawn */
  #placed = { nodes: [], rows: 0, columns: 0 };
  #cursor = ""; /* where the keys are */
  #looks;
  #activate;

  /* `looks`: {sinceUs(node), markOf(node)}, of now. */
  constructor(looks, activate) {
    this.#looks = looks;
    this.#activate = activate;
    this.lines = s("g", { class: "lines" });
    this.dots = s("g", { class: "nodes" });
    this.plane = s("g", {}, this.lines, this.dots);
    this.element = s("svg", { class: "graph", "aria-hidden": "true" }, this.plane);
    this.#takeZoom();
  }

  #takeZoom() {
    this.zoom = zoom().scaleExtent([0.15, 2]).on("zoom", () => {
      const { x, y, k } = zoomTransform(this.element);
      this.plane.setAttribute("transform", `translate(${x},${y}) scale(${k})`);
    });
    this.zoom.on("start.user", () => { this.isMoved = true; });
    select(this.element).call(this.zoom).on("dblclick.zoom", null);
  }

  get isEmpty() {
    return this.#nodes.size === 0;
  }

  /* What layout() has placed. */
  draw(placed, execution) {
    this.#placed = placed;
    this.#places = new Map(placed.nodes.map((place) => [place.id, place]));
    reconcile(this.dots, this.#nodes, placed.nodes, (place) => place.id,
      (place) => createNode(place, () => this.#activate(this.#places.get(place.id).node)),
      (element, place) => this.#update(element, place));
    reconcile(this.lines, this.#links, edgesOf(placed.nodes, execution), (edge) => edge.id,
      (edge) => s("path", { class: `edge ${edge.kind}` }),
      (element, { from, to }) => setAttribute(element, "d", curve({
        source: [from.x + WIDTH, from.y + HEIGHT / 2], target: [to.x, to.y + HEIGHT / 2] })));
  }

  /* Ages and marks, where nothing else is new. */
  update() {
    for (const [id, element] of this.#nodes) this.#update(element, this.#places.get(id));
  }

  #update(element, place) {
    const { node, id } = place;
    updateNode(element, place, this.#looks.sinceUs(node), [this.#looks.markOf(node), id === this.#cursor && "cursor"]);
  }

  mark(id) {
    this.#cursor = id;
    for (const [key, element] of this.#nodes) element.classList.toggle("cursor", key === id);
    const place = this.#places.get(id);
    if (place) this.#reveal(place);
  }

  #reveal(place) {
    const { width, height } = this.element.getBoundingClientRect();
    const { x, y, k } = zoomTransform(this.element);
    const left = place.x * k + x, top = place.y * k + y;
    if (left >= 0 && top >= 0 && left + WIDTH * k <= width && top + HEIGHT * k <= height) return;
    this.#moveTo(zoomIdentity.translate(24 - place.x * k, height / 2 - place.y * k).scale(k));
  }

  #moveTo(transform) {
    select(this.element).call(this.zoom.transform, transform);
  }

  /* All of it where that can be read; else its beginning. */
  fit() {
    const { width, height } = this.element.getBoundingClientRect();
    if (width === 0) return;
    const { rows, columns } = this.#placed;
    const k = Math.max(0.8, Math.min(1, (width - 40) / (columns * COLUMN), (height - 40) / (rows * ROW)));
    const spare = (height - rows * ROW * k) / 2;
    this.#moveTo(zoomIdentity.translate(20, Math.max(20, Math.min(spare, 48))).scale(k));
    this.isMoved = false;
  }
}
