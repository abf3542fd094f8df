/* Elements. Text is text: nothing here or elsewhere parses HTML. */

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.setAttribute("class", value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child != null));
  return element;
}

/* h("a", {href}, "text", child): an element of HTML; on* are listeners. */
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/* The same of SVG. */
export function s(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/* When the frame that shows what was changed until now is made: what need not be
 * in it is done then. */
export function painted() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
  });
}

/* Writes only what is new: a document that stays the same costs no layout. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false)
    element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value))
    element.setAttribute(name, value === true ? "" : value);
}

/* Somebody presses it, or a part of it: an element that goes meanwhile takes the
 * click with it. */
export function isPressed(element) {
  return element.matches(":active");
}

function keepOnly(known, wanted) {
  for (const [id, element] of known)
    if (!wanted.has(id)) {
      element.remove();
      known.delete(id);
    }
}

/* Makes the children of `parent` those of `items`, in their order: each has a
 * key, and an element that is there is kept and updated. `known` is a Map that
 * belongs to the parent. What has only come nearer is not moved, as an element
 * that is moved takes a press with it: what stood between goes behind. */
export function reconcile(parent, known, items, key, create, update) {
  const focused = document.activeElement;
  keepOnly(known, new Set(items.map(key)));
  let at = parent.firstChild;
  for (const item of items) {
    const id = key(item);
    const element = known.get(id) ?? create(item);
    known.set(id, element);
    update(element, item);
    if (at && element === at.nextSibling) parent.append(at);
    else if (element !== at) parent.insertBefore(element, at);
    at = element.nextSibling;
  }
  if (focused !== document.activeElement && parent.contains(focused)) focused.focus({ preventScroll: true });
}
