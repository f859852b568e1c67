// Inside: every number of one image in a network, forward and backward.

import { Changes } from "../changes.js";
import { digitCanvas, paintDigit } from "../digit.js";
import { button, h, percent, withArticle } from "../dom.js";
import { equation, number, unitText } from "../equations.js";
import { Mosaic, paint } from "../mosaic.js";
import { strokesOf } from "../strokes.js";
import { WeightPanel } from "../weight.js";

const BACK = "M15 5l-7 7 7 7";
const NEXT = "M9 5l7 7-7 7";
const DICE = "M4 4h16v16H4zM9 9v.01M15 15v.01M12 12v.01";
const LAST = 9999; // index of the last test digit
const THUMB = 64;

export const open = (section, studio) => new Inside(section, studio);

class Inside {
  constructor(section, studio) {
    this.studio = studio;
    this.id = 0;
    this.found = null;
    this.changes = new Changes((change) => this.#change(change));
    this.mosaic = new Mosaic((unit) => this.#pick(unit));
    this.weight = new WeightPanel((step) => this.#change({ step }, false));
    this.#build(section);
    this.#listen();
    addEventListener("themechange", () => {
      if (!this.found) return;
      this.#showInput();
      this.#showStrip();
      if (this.painting) this.#showFilters(...this.painting);
    });
  }

  enter(moved) {
    if (this.found && !moved) return;
    const query = this.studio.query();
    const list = (name, split) => (query.get(name) ?? "").split(split).filter(Boolean);
    const numbers = (text) => text.split(".").map(Number);
    const within = (name, low, high, usual) => {
      const value = Number(query.get(name) ?? usual);
      return Number.isFinite(value) ? Math.max(low, Math.min(high, value)) : usual;
    };
    const weight = list("weight", "_");
    this.state = {
      model: query.get("model"), ink: new URLSearchParams(location.hash.slice(1)).get("ink") ?? "",
      digit: Math.round(within("digit", 0, LAST, 0)), label: Math.round(within("label", -1, 9, -1)),
      layer: query.has("layer") ? Math.round(within("layer", 0, 999, 0)) : null,
      unit: query.has("unit") ? numbers(query.get("unit")) : null,
      backward: query.get("show") === "backward",
      weight: weight.length === 2 ? [weight[0], ...numbers(weight[1])] : null, step: within("h", 1e-9, 1, 1e-4),
      off: list("off", "_").map(numbers), prune: within("prune", 0, 0.95, 0),
      temperature: query.has("t") ? within("t", 0.1, 10, 1) : null,
    };
    this.#ask();
  }

  #build(section) {
    this.model = h("select", { id: "inside-model", onchange: () => this.#change({ model: this.model.value, layer: null, unit: null, weight: null, off: [] }) });
    const mode = (name, backward) => button(name, null, () => this.#change({ backward }, false), { "aria-pressed": "false" });
    this.modes = [mode("Forward", false), mode("Backward", true)];
    this.image = digitCanvas("The image", "canvas.digit");
    this.saliency = h("canvas.saliency", { role: "img", "aria-label": "Gradient of the loss with respect to each pixel" });
    this.saliencyBox = h("div", null, this.saliency, h("p.note", null, "What each pixel does to the loss: orange raises it, blue lowers it."));
    this.title = h("p.title");
    this.digit = h("input", { id: "digit", type: "number", min: 0, max: LAST, onchange: () => this.#choose(Number(this.digit.value)) });
    this.label = h("select", { id: "loss-label", onchange: () => this.#change({ label: Number(this.label.value) }) },
      Array.from({ length: 10 }, (_, digit) => h("option", { value: digit }, String(digit))));
    this.loss = h("p.note");
    this.strip = h("ol.strip");
    this.layerTitle = h("h2");
    this.layerNote = h("p.note");
    this.unitTitle = h("h2");
    this.unitLive = h("p.unseen", { "aria-live": "polite" });
    this.steps = h("ol.equations");
    this.filters = h("div.filters");
    this.exciting = h("div.exciting");
    this.toggle = button("Switch off", null, () => this.#toggle());
    section.append(
      h("header.head", null, h("h1", null, "Inside"),
        h("div.modes", { role: "group", "aria-label": "Direction" }, this.modes),
        h("label.choice", { for: "inside-model" }, "Network", this.model)),
      h("div.card.input", null, h("h2.unseen", null, "Image"), this.title, h("div.images", null, this.image, this.saliencyBox),
        h("div.set", null, h("div.row.which", null,
          button("Previous", BACK, () => this.#choose(this.state.digit - 1), { class: "icon" }),
          h("label.unseen", { for: "digit" }, "Number of a test digit"), this.digit,
          button("Next", NEXT, () => this.#choose(this.state.digit + 1), { class: "icon" }),
          button("Any", DICE, () => this.#choose(Math.floor(Math.random() * (LAST + 1))), { class: "icon" })),
        h("label.choice", { for: "loss-label" }, "Loss for the digit", this.label), this.loss)),
      h("div.card.layers-strip", null, h("h2.unseen", null, "Layers"), this.strip),
      h("div.card.layer", null, this.layerTitle, this.layerNote, this.mosaic.element, this.filters, this.exciting),
      h("div.card.unit", null, h("div.row", null, this.unitTitle, h("span.push"), this.toggle), this.unitLive, this.steps),
      this.changes.element, this.weight.element);
  }

  #listen() {
    const { socket } = this.studio;
    socket.on("welcome", () => {
      socket.send("models", {});
      this.#ask();
    });
    socket.on("models", ({ names }) => {
      this.model.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
      if (this.found) this.model.value = this.found.model;
    });
    socket.on("inspected", (found) => found.id === this.id && this.#received(found));
    socket.on("unit", (unit) => unit.id === this.id && this.#showUnit(unit));
    socket.on("effect", (effect) => this.changes.showEffect(effect));
    socket.on("exciting", (found) => this.#showExciting(found));
    if (socket.ready) socket.send("models", {});
  }

  get #fields() {
    const { model, ink, digit, label, off, prune, temperature } = this.state;
    const image = ink ? { strokes: strokesOf(ink) } : { digit };
    return { id: this.id, ...image, label, off, prune, temperature, ...(model ? { model } : {}) };
  }

  #choose(digit) {
    this.#change({ digit: Math.max(0, Math.min(LAST, Math.round(digit) || 0)), ink: "", label: -1 });
  }

  /** Change the state; ask for everything again, or only for the chosen unit. */
  #change(change, all = true) {
    Object.assign(this.state, change);
    if (all) this.#ask();
    else if (this.found) {
      this.#showLayer();
      this.#askUnit();
    }
  }

  #ask() {
    if (!this.state) return;
    this.id += 1;
    this.studio.socket.send("inspect", this.#fields);
  }

  #received(found) {
    this.found = found;
    const { layers, model } = found;
    const { state } = this;
    state.model = model;
    if (this.model.options.length) this.model.value = model;
    if (state.layer === null || state.layer >= layers.length) {
      state.layer = Math.max(0, layers.findIndex(({ name }) => name === "ReLU"));
      state.unit = null;
    }
    const { shape, best } = layers[state.layer];
    const valid = state.unit?.length === shape.length && state.unit.every((n, axis) => Number.isInteger(n) && n >= 0 && n < shape[axis]);
    if (!valid) state.unit = best;
    this.#showInput();
    this.#showStrip();
    this.#showLayer();
    this.changes.show(found, state);
    if (found.changed) this.studio.socket.send("effect", this.#fields);
    this.#askUnit();
  }

  #askUnit() {
    const { layer, unit, weight, step, backward } = this.state;
    this.studio.socket.send("unit", { ...this.#fields, layer, unit, step, weight: backward ? weight : null });
    const feature = unit[unit.length - 1];
    if (this.excited !== `${this.state.model} ${layer} ${feature}`) {
      this.excited = `${this.state.model} ${layer} ${feature}`;
      this.studio.socket.send("excite", { ...this.#fields, layer, feature });
    }
    this.#remember();
  }

  #pick(unit) {
    this.#change({ unit, weight: null }, false);
  }

  /** Choose a weight, and go to its chain rule, which may be far below. */
  #chooseWeight(weight) {
    this.arriving = true;
    this.#change({ weight }, false);
  }

  #toggle() {
    const { layer, unit, off } = this.state;
    const feature = unit[unit.length - 1];
    const others = off.filter(([a, b]) => a !== layer || b !== feature);
    this.#change({ off: others.length < off.length ? others : [...off, [layer, feature]] });
  }

  #showInput() {
    const { image, truth, label, loss, saliency } = this.found;
    const { ink, digit, backward } = this.state;
    paintDigit(this.image, image.values);
    this.title.textContent = ink ? "Your drawing" : `Test digit ${digit}: ${withArticle(truth)}`;
    this.digit.value = ink ? "" : digit;
    this.label.value = label;
    this.loss.textContent = `Loss −log p(${label}) = ${number(loss)}`;
    this.saliencyBox.hidden = !backward;
    if (backward) paint(this.saliency, saliency.values, [28, 28, 1], 280, 280);
  }

  #showStrip() {
    const focused = [...this.strip.children].findIndex((item) => item.contains(document.activeElement));
    const { layers } = this.found;
    this.strip.replaceChildren(...layers.map(({ name, index, shape }, at) => {
      const canvas = h("canvas", { "aria-hidden": "true" });
      const { values } = this.found[`${this.state.backward ? "g" : "a"}${at}`];
      paint(canvas, values, shape, THUMB, THUMB, { most: 12, tiles: shape.length === 3 ? 16 : 400 });
      return h("li", null, h("button", { type: "button", "aria-pressed": at === this.state.layer,
        onclick: () => this.#change({ layer: at, unit: layers[at].best, weight: null }, false) },
      h("span.thumb", null, canvas), h("b", null, `${index} ${name}`), h("small", null, shape.join(" × "))));
    }));
    this.strip.children[focused]?.firstChild.focus({ preventScroll: true });
  }

  #showLayer() {
    const { layers } = this.found;
    const { layer, unit, backward, off } = this.state;
    const { name, index, shape, high, steep, parameters, zero, flat } = layers[layer];
    this.modes.forEach((each, at) => each.setAttribute("aria-pressed", Boolean(at) === backward));
    if (this.painted !== backward) {
      this.painted = backward;
      this.#showStrip();
      this.#showInput();
    }
    [...this.strip.children].forEach((item, at) => item.firstChild.setAttribute("aria-pressed", at === layer));
    const chosen = this.strip.children[layer];
    const box = this.strip.getBoundingClientRect();
    const { left, right } = chosen.getBoundingClientRect();
    if (left < box.left || right > box.right) this.strip.scrollLeft += left - box.left - (box.width - THUMB) / 2;
    const title = backward ? `Gradient at ${index} ${name}` : `Output of ${index} ${name}`;
    this.layerTitle.textContent = title;
    const limit = backward ? steep : high;
    this.layerNote.textContent = [shape.join(" × "), parameters ? `${parameters.toLocaleString("en")} parameters` : "",
      `−${number(limit, 3)} is blue, +${number(limit, 3)}\u00a0orange`, `${percent(backward ? flat : zero)}\u00a0are\u00a00`].filter(Boolean).join("\u00a0· ");
    this.mosaic.show(title, this.found[`${backward ? "g" : "a"}${layer}`].values, shape, unit);
    const feature = unit[unit.length - 1];
    const isOff = off.some(([a, b]) => a === layer && b === feature);
    this.toggle.disabled = layer === layers.length - 1;
    this.toggle.querySelector(".label").textContent = isOff ? "Switch on" : "Switch off";
    this.toggle.title = `${isOff ? "Switch on" : "Switch off"} ${shape.length === 3 ? "the whole channel" : "this unit"}, and see the effect`;
  }

  #showUnit({ layer, unit, value, gradient, steps, weight, kernel, filters }) {
    const { backward } = this.state;
    const { name, index } = this.found.layers[layer];
    this.unitTitle.textContent = `${index} ${name}, ${unitText(unit)}`;
    this.unitLive.textContent = backward ? `Gradient ${number(gradient)}` : `Value ${number(value)}`;
    const sum = steps.find(({ terms }) => terms.length);
    const own = weight && sum && weight.name === `${sum.path}.weight` ? weight.index.join(".") : "";
    this.steps.replaceChildren(...steps.map((step) => equation(step, {
      chosen: own, onterm: backward && step.terms.length ? (at) => this.#chooseWeight([`${step.path}.weight`, ...at]) : null })));
    if (backward && sum) this.steps.prepend(h("li.note", null, "Choose a weight: one of these products. The chain rule for it is written out below."));
    this.weight.show(backward ? weight : null);
    if (this.arriving && weight) this.weight.element.scrollIntoView({ block: "nearest" });
    this.arriving = false;
    this.painting = [kernel, filters, unit];
    this.#showFilters(...this.painting);
  }

  #showFilters(kernel, filters, unit) {
    this.filters.replaceChildren();
    const add = (title, { values, shape }) => {
      const [count, rows, columns] = shape;
      const order = new Uint8Array(values.length);
      for (let c = 0; c < count; c++) for (let i = 0; i < rows * columns; i++) order[i * count + c] = values[c * rows * columns + i];
      const canvas = h("canvas", { role: "img", "aria-label": title });
      this.filters.append(h("h3", null, title), canvas);
      paint(canvas, order, rows * columns === 1 ? [count] : [rows, columns, count], this.filters.clientWidth || 300, 220, { most: 10, gap: 5 });
    };
    if (filters) add("Weights of all filters of this layer", filters);
    else if (kernel) add(unit.length === 3 ? "Weights of this channel, for each input channel" : "Weights of this unit", kernel);
  }

  #showExciting({ layer, feature, share, labels, images, among }) {
    if (layer !== this.state.layer || feature !== this.state.unit[this.state.unit.length - 1]) return;
    const what = this.state.unit.length === 3 ? "channel" : "unit";
    const title = h("h3", null, `Training images with the largest outputs of this ${what}`);
    if (!labels) {
      this.exciting.replaceChildren(title, h("p.note", null, `Searching ${among.toLocaleString("en")} images: ${percent(share)}`));
      return;
    }
    this.exciting.replaceChildren(title, h("ol.nine", null, labels.map((label, index) => {
      const canvas = digitCanvas(`Digit ${label}`);
      paintDigit(canvas, images.values.subarray(784 * index, 784 * (index + 1)));
      return h("li", null, canvas);
    })), h("p.note", null, `of ${among.toLocaleString("en")}, in the network as it was trained`));
  }

  #remember() {
    const { model, ink, digit, label, layer, unit, backward, weight, step, off, prune, temperature } = this.state;
    this.studio.remember("inside", {
      model, digit: ink ? "" : digit, label: label < 0 ? "" : label, layer, unit: unit.join("."), show: backward ? "backward" : "",
      weight: backward && weight ? `${weight[0]}_${weight.slice(1).join(".")}` : "", h: backward && step !== 1e-4 ? step : "",
      off: off.map((each) => each.join(".")).join("_"), prune: prune || "", t: temperature ?? "",
    }, ink ? `ink=${ink}` : "");
  }
}
