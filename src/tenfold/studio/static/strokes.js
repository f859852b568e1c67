// Strokes as text for an address, and back: width, eraser, and points, in units of the pad.

export const UNITS = 1000; // width and height of the pad

export const clamp = (value) => Math.max(0, Math.min(UNITS, Math.round(value)));

/** Strokes as the server takes them, [width, erases, x, y, x, y, ...], as text. */
export const textOf = (strokes) => strokes.map((stroke) => stroke.map((n) => n.toString(36)).join(".")).join("-");

/** The strokes in a text; what is not a stroke is left out. */
export function strokesOf(text) {
  const numbers = text.split("-").filter(Boolean).map((stroke) => stroke.split(".").map((n) => parseInt(n, 36)));
  return numbers.filter((each) => each.length >= 4 && each.length % 2 === 0 && each.every(Number.isFinite))
    .map(([width, erases, ...points]) => [Math.max(5, Math.min(300, width)), erases === 1 ? 1 : 0, ...points.map(clamp)]);
}
