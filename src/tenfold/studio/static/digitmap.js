// A map of digits at each stage of a network. The digit under the pointer is shown.

import { digitCanvas, paintDigit } from "./digit.js";
import { h, percent, withArticle } from "./dom.js";

const COLOURS = ["blue", "vermillion", "green", "purple", "orange", "sky", "ink", "right", "wrong", "faint"];
const MARGIN = 12;
const TIME = 500; // milliseconds from one stage to the next
const REACH = 30; // pixels around the pointer

export class DigitMap {
  /** onstage is called with the chosen stage. */
  constructor(onstage) {
    this.chosen = null;
    this.canvas = h("canvas", { tabindex: 0, role: "application", "aria-describedby": "map-help" });
    this.stage = h("input", { id: "stage", type: "range", min: 0, max: 0, step: 1, oninput: () => {
      onstage(Number(this.stage.value));
      this.move(Number(this.stage.value));
    } });
    this.name = h("output");
    this.image = digitCanvas("");
    this.words = h("p.note", { "aria-live": "polite" });
    this.element = h("div.digitmap", null,
      h("label.knob", { for: "stage" }, h("span", null, "From the pixels to the answer"), this.name, this.stage),
      h("div.plane", null, this.canvas), h("div.pointed", null, this.image, this.words),
      h("p.unseen", { id: "map-help" }, "Arrow keys go to the next digit to the left, right, above or below."));
    this.canvas.addEventListener("pointermove", (event) => this.#point(event));
    this.canvas.addEventListener("pointerdown", (event) => this.#point(event));
    this.canvas.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.paint()).observe(this.canvas);
    addEventListener("themechange", () => this.paint());
    this.#say();
  }

  /** Show the maps of the server, at a stage. */
  show(maps, stage) {
    this.maps = maps;
    this.stage.max = maps.stages.length - 1;
    const at = Math.max(0, Math.min(maps.stages.length - 1, stage));
    this.stage.value = at;
    this.move(at);
    this.#say();
  }

  /** Move the digits to their positions at a stage. */
  move(stage) {
    if (!this.maps) return;
    const { stages, positions, labels } = this.maps;
    const { name, size, purity } = stages[stage];
    this.name.textContent = name;
    this.canvas.setAttribute("aria-label",
      `Map of ${labels.length} digits at the stage ${name}: ${size} numbers each. For ${percent(purity)} of the digits, the nearest neighbour is the same digit.`);
    this.stage.setAttribute("aria-valuetext", name);
    this.note = `${name}: ${size.toLocaleString("en")} numbers per digit, shown on their two main directions. For ${percent(purity)} of the digits, the nearest neighbour is the same digit.`;
    const count = 2 * labels.length;
    const goal = positions.values.subarray(count * stage, count * (stage + 1));
    const still = !this.now || this.now.length !== count || matchMedia("(prefers-reduced-motion: reduce)").matches;
    const from = still ? goal : Float32Array.from(this.now);
    const began = performance.now();
    cancelAnimationFrame(this.frame);
    const step = (time) => {
      const share = still ? 1 : Math.min(1, Math.max(0, (time - began) / TIME));
      const eased = share * share * (3 - 2 * share);
      this.now = from.map((value, i) => value + eased * (goal[i] - value));
      this.paint();
      if (share < 1) this.frame = requestAnimationFrame(step);
    };
    step(began);
    if (this.chosen === null) this.#say();
  }

  paint() {
    const side = this.canvas.clientWidth;
    if (!side || !this.now) return;
    const ratio = devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(side * ratio)) this.canvas.width = this.canvas.height = Math.round(side * ratio);
    const context = this.canvas.getContext("2d");
    const style = getComputedStyle(document.documentElement);
    const colours = COLOURS.map((name) => style.getPropertyValue(`--${name}`));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, side, side);
    context.font = `600 ${Math.max(10, side / 44)}px ${style.fontFamily}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    this.maps.labels.forEach((label, index) => {
      const [x, y] = this.#position(index);
      context.fillStyle = colours[label];
      context.fillText(String(label), x, y);
      if (this.maps.answers[index] !== label || index === this.chosen) {
        context.strokeStyle = index === this.chosen ? style.getPropertyValue("--link") : style.getPropertyValue("--wrong");
        context.lineWidth = index === this.chosen ? 2.5 : 1;
        context.beginPath();
        context.arc(x, y, side / 50 + 2, 0, 2 * Math.PI);
        context.stroke();
      }
    });
  }

  #position(index) {
    const room = this.canvas.clientWidth - 2 * MARGIN;
    return [MARGIN + room * this.now[2 * index], MARGIN + room * (1 - this.now[2 * index + 1])];
  }

  #point(event) {
    if (!this.now) return;
    let best = REACH;
    let found = null;
    this.maps.labels.forEach((_, index) => {
      const [x, y] = this.#position(index);
      const distance = Math.hypot(x - event.offsetX, y - event.offsetY);
      if (distance < best) [best, found] = [distance, index];
    });
    if (found !== null) this.#choose(found);
  }

  #key(event) {
    const along = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!along || !this.now) return;
    event.preventDefault();
    if (this.chosen === null) {
      this.#choose(0);
      return;
    }
    const [x0, y0] = this.#position(this.chosen);
    let best = Infinity;
    let found = null;
    this.maps.labels.forEach((_, index) => {
      const [x, y] = this.#position(index);
      const ahead = (x - x0) * along[0] + (y - y0) * along[1];
      const aside = Math.abs((x - x0) * along[1]) + Math.abs((y - y0) * along[0]);
      if (ahead > 0.5 && ahead + 3 * aside < best) [best, found] = [ahead + 3 * aside, index];
    });
    if (found !== null) this.#choose(found);
  }

  #choose(index) {
    if (index === this.chosen) return;
    this.chosen = index;
    this.#say();
    this.paint();
  }

  #say() {
    const index = this.chosen;
    this.image.hidden = index === null || !this.maps;
    if (this.image.hidden) {
      this.words.textContent = `${this.note ?? ""} Move over a digit to see it. Wrong answers have a ring.`;
      return;
    }
    const { labels, answers, images } = this.maps;
    paintDigit(this.image, images.values.subarray(784 * index, 784 * (index + 1)));
    const right = labels[index] === answers[index];
    this.words.textContent = `Test digit ${index}: ${withArticle(labels[index])}, ${right ? "read correctly" : `taken for ${withArticle(answers[index])}`}. ${this.note}`;
  }
}
