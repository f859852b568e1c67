// The numbers of a layer as images: one tile per channel; blue below 0, orange above 0, no colour at 0.

import { h } from "./dom.js";

const KEYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.trim().slice(at, at + 2), 16));

/** The colours of the theme: of 0, of negative and of positive numbers. */
function colours() {
  const style = getComputedStyle(document.documentElement);
  return ["--card", "--blue", "--vermillion"].map((name) => channels(style.getPropertyValue(name)));
}

/** Rows, columns and channels of a shape: a list of numbers is one pixel with many channels. */
const sizes = (shape) => (shape.length === 3 ? shape : [1, 1, shape[shape.length - 1]]);

/** Columns of tiles, and pixels per number, with which the tiles fill a box best. */
function layout([rows, columns, count], width, height, most, gap) {
  let best = { size: 0, across: 1 };
  for (let across = 1; across <= count; across++) {
    const down = Math.ceil(count / across);
    const size = Math.min(most, (width - gap * (across - 1)) / (across * columns), (height - gap * (down - 1)) / (down * rows));
    if (size > best.size) best = { size, across };
  }
  return { size: Math.max(best.size, 0.1), across: best.across };
}

/** Paint bytes around 128, (H, W, C) or (F,), into a canvas that fits into a box; return how the tiles lie.
 * most: pixels per number, gap: pixels between tiles, tiles: number of tiles that are painted, line: colour between them. */
export function paint(canvas, values, shape, width, height, { most = 24, gap = 2, tiles = Infinity, line = "transparent" } = {}) {
  const [rows, columns, all] = sizes(shape);
  const count = Math.min(all, tiles);
  const { size, across } = layout([rows, columns, count], width, height, most, gap);
  const [stepX, stepY] = [columns * size + gap, rows * size + gap];
  const ratio = Math.max(1, devicePixelRatio || 1);
  const full = [Math.min(across, count) * stepX - gap, Math.ceil(count / across) * stepY - gap];
  canvas.width = Math.round(full[0] * ratio);
  canvas.height = Math.round(full[1] * ratio);
  canvas.style.width = `${full[0]}px`;
  canvas.style.height = `${full[1]}px`;
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.fillStyle = line;
  const [zero, below, above] = colours();
  const tile = new ImageData(columns, rows);
  const source = new OffscreenCanvas(columns, rows);
  const pen = source.getContext("2d");
  for (let channel = 0; channel < count; channel++) {
    for (let i = 0; i < rows * columns; i++) {
      const value = values[i * all + channel] - 128;
      const share = (Math.abs(value) / 127) ** 0.7;
      const colour = value < 0 ? below : above;
      for (let c = 0; c < 3; c++) tile.data[4 * i + c] = zero[c] + share * (colour[c] - zero[c]);
      tile.data[4 * i + 3] = 255;
    }
    pen.putImageData(tile, 0, 0);
    const [x, y] = [(channel % across) * stepX, Math.floor(channel / across) * stepY];
    context.fillRect((x - gap) * ratio, (y - gap) * ratio, (stepX + gap) * ratio, (stepY + gap) * ratio);
    context.drawImage(source, x * ratio, y * ratio, columns * size * ratio, rows * size * ratio);
  }
  return { size, across, stepX, stepY, ratio, rows, columns, count };
}

export class Mosaic {
  /** onpick is called with the index of a number, [row, column, channel] or [feature]. */
  constructor(onpick) {
    this.onpick = onpick;
    this.unit = null;
    this.canvas = h("canvas", { tabindex: 0, role: "application", "aria-describedby": "mosaic-help" });
    this.mark = h("i.mark", { hidden: true });
    this.spot = h("i.spot", { hidden: true });
    this.help = h("p.unseen", { id: "mosaic-help" },
      "Arrow keys choose a number, Page Up and Page Down the channel.");
    this.element = h("div.mosaic", null, h("div.tiles", null, this.canvas, this.mark, this.spot), this.help);
    this.canvas.addEventListener("click", (event) => this.#click(event));
    this.canvas.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#fit()).observe(this.element);
    addEventListener("themechange", () => this.paint());
  }

  /** Show the numbers of a layer and the chosen one. */
  show(label, values, shape, unit) {
    this.canvas.setAttribute("aria-label", label);
    Object.assign(this, { values, shape, unit });
    this.paint();
  }

  paint() {
    const width = this.element.clientWidth;
    if (!width || !this.values) return;
    this.width = width;
    const [, columns, count] = sizes(this.shape);
    const height = count === 1 && columns > 1 ? 320 : 400;
    this.tiles = paint(this.canvas, this.values, this.shape, width, height, { most: columns === 1 ? 26 : 12, line: getComputedStyle(this.canvas).color });
    this.#place();
  }

  #fit() {
    if (this.element.clientWidth !== this.width) this.paint();
  }

  #place() {
    const { size, across, stepX, stepY, rows, columns } = this.tiles;
    this.mark.hidden = this.spot.hidden = !this.unit;
    if (!this.unit) return;
    const channel = this.unit[this.unit.length - 1];
    const [row, column] = this.unit.length === 3 ? this.unit : [0, 0];
    const [x, y] = [(channel % across) * stepX, Math.floor(channel / across) * stepY];
    const put = (element, left, top, width, height) => Object.assign(element.style, {
      transform: `translate(${left}px, ${top}px)`, width: `${width}px`, height: `${height}px`,
    });
    put(this.mark, x - 2, y - 2, columns * size + 4, rows * size + 4);
    put(this.spot, x + column * size - 1, y + row * size - 1, size + 2, size + 2);
    this.spot.hidden = columns === 1;
  }

  #click(event) {
    const { size, across, stepX, stepY, rows, columns, count } = this.tiles;
    const [x, y] = [Math.max(0, event.offsetX), Math.max(0, event.offsetY)];
    const channel = Math.floor(y / stepY) * across + Math.min(across - 1, Math.floor(x / stepX));
    if (channel >= count) return;
    const row = Math.min(rows - 1, Math.floor((y % stepY) / size));
    const column = Math.min(columns - 1, Math.floor((x % stepX) / size));
    this.onpick(this.shape.length === 3 ? [row, column, channel] : [channel]);
  }

  #key(event) {
    const turn = { PageUp: -1, PageDown: 1 }[event.key] ?? 0;
    if (!this.unit || (!KEYS[event.key] && !turn)) return;
    event.preventDefault();
    const { rows, columns, count, across } = this.tiles;
    const [down, right] = KEYS[event.key] ?? [0, 0];
    const within = (value, most) => Math.max(0, Math.min(most - 1, value));
    if (this.shape.length === 3) {
      const [row, column, channel] = this.unit;
      const single = rows * columns === 1; // then the arrows choose the channel
      this.onpick([within(row + down, rows), within(column + right, columns),
        within(channel + turn + (single ? down * across + right : 0), count)]);
    } else {
      this.onpick([within(this.unit[0] + down * across + right + turn * across, count)]);
    }
  }
}
