/* What the page's fragment holds: view, selection, token. Pure. The filter is in
 * the query, where the API has it. */

export const VIEWS = ["requests", "graph", "threads", "charts"];

/* "r9" a request, "4:17" a resource. */
export function selectionKind(id) {
  if (/^r\d+$/.test(id)) return "request";
  if (/^\d+:\d+$/.test(id)) return "resource";
  return "";
}

export function parseFragment(fragment) {
  const values = new URLSearchParams(fragment.replace(/^#/, ""));
  const view = values.get("view");
  const selected = values.get("select") ?? values.get("request") ?? "";
  return {
    view: VIEWS.includes(view) ? view : "requests",
    selected: selectionKind(selected) === "" ? "" : selected,
    token: values.get("token") ?? "",
  };
}

/* Never the token: an address is copied and shown. */
export function formatFragment({ view, selected }) {
  const parts = [];
  if (view !== "requests") parts.push(`view=${view}`);
  if (selected) parts.push(`select=${selected}`);
  return parts.length === 0 ? "" : `#${parts.join("&")}`;
}
