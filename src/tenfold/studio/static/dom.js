// Elements without HTML strings, so that text from outside never becomes markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("aria-") && typeof value === "boolean") element.setAttribute(name, String(value));
    else if (value === false || value === null || value === undefined) continue;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** h("p.note", {id: "x"}, "text", child): an element with classes, attributes and children. */
export function h(tag, attributes, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name || "div");
  if (classes.length) element.className = classes.join(" ");
  return fill(element, attributes, children);
}

/** The same for SVG. */
export function s(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** An icon of strokes, 24 x 24. */
export function icon(path) {
  return s("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, s("path", { d: path }));
}

/** A button with an icon and a name. */
export function button(name, path, onclick, attributes) {
  return h("button", { type: "button", onclick, ...attributes }, path ? icon(path) : null,
    h("span.label", null, name));
}

/** Save a file that the page has made. */
export function download(name, blob) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** The shape of an output, such as 24 × 24 × 16. */
export const shapeText = (shape) => shape.join(" × ");

export const percent = (share, digits = 0) => `${(100 * share).toFixed(digits)}%`;

/** A digit with its article: a 7, an 8. */
export const withArticle = (digit) => `${Number(digit) === 8 ? "an" : "a"} ${digit}`;

/** A probability in percent, as text: 100% only if it is exactly 1. */
export function probability(p) {
  if (p >= 0.9995) return p === 1 ? "100%" : ">99.9%";
  return p < 0.0005 ? "0%" : percent(p, p < 0.0995 || p > 0.9 ? 1 : 0);
}
