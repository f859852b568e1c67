// Line charts as SVG: a cursor by pointer and keys, and a table for those who do not see the lines.

import { h, s } from "./dom.js";

const LEFT = 52;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 34;
const ROWS = 12; // of the table
const SMOOTH = 25; // a smoothed line is a mean over 1 / SMOOTH of the points

/** About `count` round numbers from low to high; only whole numbers if `whole`. */
function ticks(low, high, count, whole = false) {
  const raw = Math.max(whole ? 1 : 0, (high - low) / count || 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((f) => f * power).find((f) => f >= raw * 0.999 && (!whole || f % 1 === 0));
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
}

/** Means over neighbours; values that are not finite stay as they are. */
function smoothed(values) {
  const half = Math.floor(values.length / SMOOTH / 2);
  const found = new Array(values.length);
  for (let i = 0; i < values.length; i++) {
    let sum = 0;
    let count = 0;
    for (let j = Math.max(0, i - half); j <= Math.min(values.length - 1, i + half); j++) {
      if (!Number.isFinite(values[j])) continue;
      sum += values[j];
      count += 1;
    }
    found[i] = Number.isFinite(values[i]) ? sum / count : values[i];
  }
  return found;
}

/** Powers of ten between two numbers, with multiples of them if there are few. */
function logTicks(low, high) {
  const decades = Math.log10(high / low);
  const factors = decades > 2.5 ? [1] : decades > 1 ? [1, 2, 5] : [1, 1.5, 2, 3, 5, 7];
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const factor of factors) {
      const value = factor * 10 ** power;
      if (value >= low * 0.999 && value <= high * 1.001) found.push(value);
    }
  }
  return found;
}

export class Chart {
  /** options: title; x: name of the x axis; format: returns a value as text; tick: returns a number at the
   * y axis as text, by default like format; log: whether the y axis is logarithmic; top: its upper end;
   * ceiling: values above it are cut; least: least right end of the x axis; smooth: whether to draw means
   * over neighbours, too. */
  constructor(options) {
    this.options = options;
    this.series = [];
    this.at = null; // position of the cursor on the x axis, 0 to 1; null for no cursor
    this.lines = s("g");
    this.axes = s("g", { class: "axes" });
    this.cursor = s("line", { class: "cursor" });
    this.svg = s("svg", { class: "chart", tabindex: 0, role: "img" }, this.axes, this.lines, this.cursor);
    this.readout = h("p.readout");
    this.table = h("table");
    this.element = h("figure.chart", null, h("figcaption", null, h("h2", null, options.title), this.readout),
      this.svg, h("div.unseen", null, this.table));
    new ResizeObserver(() => this.draw()).observe(this.svg);
    this.svg.addEventListener("pointermove", (event) => {
      const box = this.svg.getBoundingClientRect();
      this.#place((event.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT));
    });
    this.svg.addEventListener("pointerleave", () => this.#place(null));
    this.svg.addEventListener("blur", () => this.#place(null));
    this.svg.addEventListener("keydown", (event) => {
      const steps = { ArrowLeft: -0.02, ArrowRight: 0.02, PageDown: -0.1, PageUp: 0.1, Home: -1, End: 1 };
      if (!(event.key in steps)) return;
      event.preventDefault();
      this.#place((this.at ?? 1) + steps[event.key]);
    });
  }

  /** Show series {name, index, x, y}: the index decides colour and dashes. */
  show(series) {
    const { smooth } = this.options;
    this.series = series.map((each) => ({ ...each, shown: smooth ? smoothed(each.y) : each.y }));
    this.draw();
  }

  draw() {
    const { width, height } = this.svg.getBoundingClientRect();
    if (!width) return;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.#measure(width, height);
    this.#drawAxes(width, height);
    this.lines.replaceChildren(...this.series.flatMap((each) => this.#line(each)));
    this.#fillTable();
    this.#place(this.at);
  }

  #measure(width, height) {
    const { log, top, ceiling = Infinity } = this.options;
    const usable = (v) => Number.isFinite(v) && (!log || v > 0);
    const values = this.series.flatMap(({ y }) => Array.from(y).filter(usable));
    const ends = this.series.map(({ x }) => x[x.length - 1] ?? 0);
    let low = values.length ? Math.min(...values) : log ? 0.01 : 0;
    let high = top ?? (values.length ? Math.min(ceiling, Math.max(...values)) : 1);
    if (log) [low, high] = [low / 1.15, Math.max(high, 1.5 * low) * 1.15];
    else low = Math.max(0, low - 0.08 * (high - low) - 1e-3);
    if (high <= low) high = low + 1;
    const right = Math.max(...ends, this.options.least ?? 1);
    const scale = log ? Math.log : (v) => v;
    this.low = low;
    this.high = high;
    this.right = right;
    this.px = (x) => LEFT + (x / right) * (width - LEFT - RIGHT);
    this.py = (y) => {
      const share = (scale(y) - scale(low)) / (scale(high) - scale(low));
      return height - BOTTOM - Math.max(0, Math.min(1, share)) * (height - TOP - BOTTOM);
    };
  }

  #drawAxes(width, height) {
    const { log, x } = this.options;
    const format = this.options.tick ?? this.options.format;
    const rows = log ? logTicks(this.low, this.high) : ticks(this.low, this.high, Math.max(2, height / 55));
    const columns = ticks(0, this.right, Math.max(2, width / 70), true);
    const text = (value, attributes) => s("text", attributes, value);
    this.axes.replaceChildren(
      ...rows.flatMap((value) => [
        s("line", { x1: LEFT, x2: width - RIGHT, y1: this.py(value), y2: this.py(value) }),
        text(format(value), { x: LEFT - 8, y: this.py(value), dy: "0.32em", class: "end" }),
      ]),
      ...columns.map((value) => text(value.toLocaleString("en"),
        { x: this.px(value), y: height - BOTTOM + 16, class: "middle" })),
      text(x, { x: LEFT + (width - LEFT - RIGHT) / 2, y: height - 3, class: "middle" }));
  }

  #line({ x, y, index, dots, shown }) {
    const path = (values) => {
      let text = "";
      let pen = "M";
      for (let i = 0; i < x.length; i++) {
        const drawn = Number.isFinite(values[i]) && (!this.options.log || values[i] > 0);
        if (drawn) text += `${pen}${this.px(x[i]).toFixed(1)} ${this.py(values[i]).toFixed(1)}`;
        pen = drawn ? "L" : "M";
      }
      return text || "M0 0";
    };
    const line = (values, kind) => s("path", { d: path(values), class: `line s${index} ${kind}` });
    if (this.options.smooth) return [line(y, "raw"), line(shown, "")];
    const marks = dots && x.length <= 40 ? Array.from(x, (value, i) =>
      s("circle", { cx: this.px(value), cy: this.py(y[i]), r: 3.5, class: `dot s${index}` })) : [];
    return [line(y, ""), ...marks];
  }

  #place(at) {
    this.at = at === null ? null : Math.max(0, Math.min(1, at));
    const shown = this.at !== null && this.series.some(({ x }) => x.length);
    this.cursor.toggleAttribute("hidden", !shown);
    this.cursor.style.display = shown ? "" : "none";
    if (!shown) {
      this.#say("", this.right);
      return;
    }
    const where = this.at * this.right;
    const { height } = this.svg.getBoundingClientRect();
    for (const [name, value] of [["x1", this.px(where)], ["x2", this.px(where)], ["y1", TOP], ["y2", height - BOTTOM]]) {
      this.cursor.setAttribute(name, value);
    }
    this.#say(`${this.options.x} ${Math.round(where).toLocaleString("en")}`, where);
  }

  /** Write a title, and the values of all series at the position where, each with its colour. */
  #say(title, where) {
    const shown = this.series.filter(({ x }) => x.length);
    this.readout.replaceChildren(h("span.place", null, title), ...shown.map((each) =>
      h("span", null, h(`i.swatch.s${each.index}`), each.name, h("b", null, this.#value(each, where)))));
  }

  #nearest({ x }, where) {
    let best = 0;
    for (let i = 1; i < x.length; i++) if (Math.abs(x[i] - where) < Math.abs(x[best] - where)) best = i;
    return best;
  }

  #value(series, where) {
    return this.options.format(series.shown[this.#nearest(series, where)]);
  }

  #summary() {
    const shown = this.series.filter(({ x }) => x.length);
    return shown.map((each) => `${each.name} ${this.#value(each, this.right)}`).join(", ");
  }

  #fillTable() {
    const ends = Array.from({ length: ROWS }, (_, i) => ((i + 1) * this.right) / ROWS);
    const shown = this.series.filter(({ x }) => x.length);
    const cell = (each, where) => h("td", null, this.#value(each, where));
    this.svg.setAttribute("aria-label", `${this.options.title}. ${this.#summary() || "No values yet"}`);
    this.table.replaceChildren(h("caption", null, this.options.title),
      h("tr", null, h("th", null, this.options.x), shown.map(({ name }) => h("th", null, name))),
      ...(shown.length ? ends.map((where) => h("tr", null, h("th", null, String(Math.round(where))),
        shown.map((each) => cell(each, where)))) : []));
  }
}
