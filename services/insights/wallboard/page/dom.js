// Elements without markup: what comes from elsewhere is text, never HTML.
export const $ = (id) => document.getElementById(id);

export function el(tag, given = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'class') node.className = value;
    else if (value !== false && value != null) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

// Touches nothing that is right already: no flicker, and focus and selection stay.
export function put(node, text) {
  const string = String(text);
  if (node.textContent !== string) node.textContent = string;
}

// Makes the children of `parent` those of `items`, in order; an element stays with its key.
export function keyed(parent, items, keyOf, make, update) {
  const focus = parent.contains(document.activeElement) ? document.activeElement : null; // a move loses it
  const old = new Map();
  for (const child of [...parent.children]) old.set(child.dataset.key, child);
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    let node = old.get(key);
    if (node) {
      old.delete(key);
    } else {
      node = make(item);
      node.dataset.key = key;
    }
    update(node, item);
    if (node === place) {
      place = place.nextElementSibling;
    } else {
      parent.insertBefore(node, place);
    }
  }
  for (const node of old.values()) node.remove();
  if (focus && focus.isConnected && document.activeElement !== focus) focus.focus({ preventScroll: true });
}
