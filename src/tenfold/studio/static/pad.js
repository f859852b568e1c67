// The pad: strokes by mouse, touch, pen or keyboard. Strokes are in units of the pad, 0 to 1000.

import { h } from "./dom.js";
import { UNITS, clamp, strokesOf, textOf } from "./strokes.js";

const APART = 4; // units between two points of a stroke
const STEP = 25; // units of a move by key
const KEYS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
  Home: [-1, -1], PageUp: [1, -1], End: [-1, 1], PageDown: [1, 1],
};

export class Pad {
  /** onchange(final) is called during drawing, and with true when a stroke has ended. */
  constructor(onchange) {
    this.onchange = onchange;
    this.strokes = [];
    this.width = 70;
    this.erasing = false;
    this.past = [];
    this.future = [];
    this.pointer = null;
    this.cursor = [UNITS / 2, UNITS / 2];
    this.canvas = h("canvas", {
      tabindex: 0, role: "application", "aria-label": "Drawing pad", "aria-describedby": "pad-help",
    });
    this.ring = h("div.ring", { hidden: true });
    this.hint = h("p.hint", { "aria-hidden": "true" }, "Draw a digit, or a number");
    this.element = h("div.pad", null, this.hint, this.canvas, this.ring);
    this.#listen();
    new ResizeObserver(() => this.paint()).observe(this.canvas);
    addEventListener("themechange", () => this.paint());
  }

  get empty() {
    return this.strokes.length === 0;
  }

  /** The strokes as the server takes them. */
  get message() {
    return this.strokes.map(({ width, erases, points }) => [width, erases ? 1 : 0, ...points.flat()]);
  }

  /** The strokes as text for an address, and back. */
  get text() {
    return textOf(this.message);
  }

  set text(text) {
    this.replace(strokesOf(text).map(([width, erases, ...rest]) => ({
      width,
      erases: erases === 1,
      points: rest.flatMap((x, i) => (i % 2 ? [] : [[x, rest[i + 1]]])),
    })));
  }

  /** Replace the strokes by others; undo brings the old strokes back. */
  replace(strokes) {
    this.past.push(this.strokes);
    this.future = [];
    this.#set(strokes);
  }

  clear() {
    if (!this.empty) this.replace([]);
  }

  undo() {
    if (!this.past.length) return;
    this.future.push(this.strokes);
    this.#set(this.past.pop());
  }

  redo() {
    if (!this.future.length) return;
    this.past.push(this.strokes);
    this.#set(this.future.pop());
  }

  paint() {
    const ratio = devicePixelRatio || 1;
    const size = Math.round(this.canvas.clientWidth * ratio);
    if (!size) return;
    if (this.canvas.width !== size) this.canvas.width = this.canvas.height = size;
    const context = this.canvas.getContext("2d");
    context.clearRect(0, 0, size, size);
    for (const stroke of this.strokes) this.#paintStroke(stroke, 0);
    this.hint.hidden = !this.empty;
    this.#placeRing();
  }

  #set(strokes) {
    this.strokes = strokes;
    this.pen = false;
    this.paint();
    this.onchange(true);
  }

  #paintStroke({ width, erases, points }, first) {
    const context = this.canvas.getContext("2d");
    const scale = this.canvas.width / UNITS;
    context.globalCompositeOperation = erases ? "destination-out" : "source-over";
    context.strokeStyle = getComputedStyle(this.canvas).color;
    context.lineWidth = width * scale;
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    const from = points[Math.max(0, first - 1)];
    context.moveTo(from[0] * scale, from[1] * scale);
    for (const [x, y] of points.slice(first)) context.lineTo(x * scale + 0.01, y * scale);
    context.stroke();
  }

  #begin(x, y, erases) {
    this.past.push(this.strokes);
    this.future = [];
    const width = erases ? 2 * this.width : this.width;
    this.stroke = { width, erases, points: [[x, y]] };
    this.strokes = [...this.strokes, this.stroke];
    this.hint.hidden = true;
    this.#paintStroke(this.stroke, 0);
    this.onchange(false);
  }

  #extend(x, y) {
    const points = this.stroke.points;
    const [lastX, lastY] = points[points.length - 1];
    if (Math.hypot(x - lastX, y - lastY) < APART) return;
    points.push([x, y]);
    this.#paintStroke(this.stroke, points.length - 1);
  }

  #listen() {
    const canvas = this.canvas;
    const positionOf = (event) => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top].map((v) => clamp((v / box.width) * UNITS));
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (this.pointer !== null || event.button > 0 && event.button !== 5) return;
      event.preventDefault();
      canvas.focus({ preventScroll: true });
      canvas.setPointerCapture(event.pointerId);
      this.pointer = event.pointerId;
      this.pen = false;
      this.ring.hidden = true;
      this.#begin(...positionOf(event), this.erasing || event.button === 5);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId !== this.pointer) return;
      const events = event.getCoalescedEvents?.() ?? [];
      for (const each of events.length ? events : [event]) this.#extend(...positionOf(each));
      this.onchange(false);
    });
    const end = (event) => {
      if (event.pointerId !== this.pointer) return;
      this.pointer = null;
      this.onchange(true);
    };
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, end);
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("blur", () => {
      this.ring.hidden = true;
      this.#liftPen();
    });
    canvas.addEventListener("focus", () => {
      this.ring.hidden = !canvas.matches(":focus-visible");
      this.#placeRing();
    });
  }

  #key(event) {
    const key = event.key;
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "z") {
      if (event.shiftKey) this.redo();
      else this.undo();
    } else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (KEYS[key]) this.#move(KEYS[key], event.shiftKey ? 1 : STEP);
    else if (key === " " || key === "Enter") this.#togglePen();
    else if (key === "Backspace") this.undo();
    else if (key === "Delete") this.clear();
    else return;
    event.preventDefault();
  }

  #move([right, down], step) {
    this.cursor = [clamp(this.cursor[0] + right * step), clamp(this.cursor[1] + down * step)];
    this.ring.hidden = false;
    if (this.pen) {
      this.#extend(...this.cursor);
      this.onchange(false);
    }
    this.#placeRing();
  }

  #togglePen() {
    this.ring.hidden = false;
    if (this.pen) this.#liftPen();
    else {
      this.pen = true;
      this.#begin(...this.cursor, this.erasing);
    }
    this.#placeRing();
  }

  #liftPen() {
    if (!this.pen) return;
    this.pen = false;
    this.onchange(true);
  }

  #placeRing() {
    const scale = this.canvas.clientWidth / UNITS;
    const [x, y] = this.cursor;
    this.ring.classList.toggle("down", Boolean(this.pen));
    this.ring.style.width = this.ring.style.height = `${this.width * scale}px`;
    this.ring.style.transform = `translate(${x * scale}px, ${y * scale}px) translate(-50%, -50%)`;
  }
}
