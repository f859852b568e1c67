// Judge: where a network is wrong, how confident it is, and what distortions do to its accuracy.

import { digitCanvas, paintDigit } from "../digit.js";
import { DigitMap } from "../digitmap.js";
import { button, h, percent, probability } from "../dom.js";
import { Matrix } from "../matrix.js";
import { Reliability } from "../reliability.js";

const SETTLED = 700; // milliseconds without a change before the map is asked for

export const open = (section, studio) => new Judge(section, studio);

class Judge {
  constructor(section, studio) {
    this.studio = studio;
    this.state = null;
    this.distortions = [];
    this.matrix = new Matrix((row, column) => this.#openCell([row, column]));
    this.reliability = new Reliability();
    this.map = new DigitMap((stage) => {
      this.state.stage = stage;
      this.#remember();
    });
    this.#build(section);
    this.#listen();
  }

  enter(moved) {
    if (this.state && !moved) {
      this.#remember();
      if (this.working) this.#ask();
      return;
    }
    const query = this.studio.query();
    const cell = (query.get("cell") ?? "").split(".").map(Number);
    const valid = cell.length === 2 && cell.every((digit) => Number.isInteger(digit) && digit >= 0 && digit <= 9);
    this.state = {
      model: query.get("model"), cell: valid ? cell : null, strengths: {},
      below: query.has("below") ? Number(query.get("below")) : null, stage: Math.round(Number(query.get("stage") ?? 99)) || 0,
    };
    this.initial = query;
    this.#begin();
  }

  /** Another view is opened: the work on these images can stop. */
  leave() {
    if (this.working) this.studio.socket.send("judge-stop", {});
  }

  #build(section) {
    this.model = h("select", { id: "judge-model", onchange: () => {
      this.state.model = this.model.value;
      this.state.below = null;
      this.#ask();
    } });
    this.status = h("p.state", { role: "status" });
    this.score = h("p.score");
    this.scoreNote = h("p.note");
    this.sliders = h("div.sliders");
    this.samples = h("ol.samples", { "aria-label": "The first ten test digits, distorted" });
    this.reset = button("Undo all distortions", null, () => {
      this.state.strengths = {};
      this.#showSliders();
      this.#ask();
    });
    this.mistakes = button("All mistakes", null, () => this.#openCell(null), { "aria-pressed": "true" });
    this.galleryTitle = h("h2", { "aria-live": "polite" });
    this.gallery = h("ol.gallery");
    this.calibration = h("p.note");
    this.below = h("input", { id: "below", type: "range", min: 0, max: 0, step: 1, oninput: () => {
      this.state.below = this.found.thresholds[this.below.value].threshold;
      this.#showThreshold();
    } });
    this.belowValue = h("output");
    this.shares = h("div.shares", { "aria-hidden": "true" }, h("i.answered"), h("i.wrong"), h("i.left"));
    this.effect = h("ul.effect");
    section.append(
      h("header.head", null, h("h1", null, "Judge"), this.status, h("label.choice", { for: "judge-model" }, "Network", this.model)),
      h("div.column", null, h("div.card.total", null, h("h2", null, "Test images read correctly"), this.score, this.scoreNote),
        h("div.card.distort", null, h("h2", null, "Distort the test images"), this.sliders, this.samples, this.reset)),
      h("div.column", null, h("div.card.confusion", null, h("div.row", null, h("h2", null, "Confusion matrix"), h("span.push"), this.mistakes), this.matrix.element),
        h("div.card.sure", null, h("h2", null, "When is the network unsure?"), h("label.knob", { for: "below" }, h("span", null, "Unsure below a confidence of"), this.belowValue, this.below),
          this.shares, this.effect),
        h("div.card.calib", null, h("h2", null, "Calibration"), this.reliability.element, this.calibration)),
      h("div.column", null, h("div.card.behind", null, this.galleryTitle, this.gallery),
        h("div.card.mapcard", null, h("h2", null, "Map of 400 test digits"), this.map.element)));
    this.#say("");
  }

  #listen() {
    const { socket } = this.studio;
    socket.on("welcome", () => this.state && this.#begin());
    socket.on("models", ({ names }) => {
      this.model.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
      if (this.state?.model) this.model.value = this.state.model;
    });
    socket.on("distortions", ({ distortions }) => this.#offer(distortions));
    socket.on("judged", (found) => this.#received(found));
    socket.on("behind", (found) => this.#showGallery(found));
    socket.on("map", (maps) => this.map.show(maps, this.state.stage));
    socket.on("refused", ({ about }) => about === "judge" && this.#say(""));
  }

  #begin() {
    const { socket } = this.studio;
    socket.send("models", {});
    socket.send("judge-open", {});
  }

  /** Make a slider for each distortion, once, and ask for the first answer. */
  #offer(distortions) {
    if (!this.distortions.length) {
      this.distortions = distortions.map((each) => ({ ...each, ...this.#slider(each) }));
      this.sliders.replaceChildren(...this.distortions.map(({ row }) => row));
    }
    for (const { name, low, high, neutral } of this.initial ? distortions : []) {
      const value = Number(this.initial.get(name) ?? neutral);
      if (value !== neutral && value >= low && value <= high) this.state.strengths[name] = value;
    }
    this.initial = null;
    this.#showSliders();
    this.#ask();
  }

  #slider({ name, unit, low, high, neutral }) {
    const output = h("output");
    const id = `distort-${name.replace(" ", "-")}`;
    const step = high - low > 20 ? 1 : (high - low) / 40;
    const input = h("input", { id, type: "range", min: low, max: high, step, "aria-label": `${name}, ${unit}`, oninput: () => {
      const value = Number(Number(input.value).toPrecision(3));
      if (value === neutral) delete this.state.strengths[name];
      else this.state.strengths[name] = value;
      output.textContent = value;
      this.#ask();
    } });
    return { input, output, row: h("label.knob", { for: id, title: unit }, h("span", null, name, h("small", null, unit)), output, input) };
  }

  #showSliders() {
    for (const { name, neutral, input, output } of this.distortions) {
      input.value = this.state.strengths[name] ?? neutral;
      output.textContent = this.state.strengths[name] ?? neutral;
    }
  }

  #ask() {
    const { model, strengths } = this.state;
    const fields = { strengths, ...(model ? { model } : {}) };
    this.working = true;
    this.#say("Working…");
    this.studio.socket.send("judge", fields);
    this.#remember();
    clearTimeout(this.later);
    this.later = setTimeout(() => this.studio.socket.send("map", fields), this.found ? SETTLED : 0);
  }

  #say(words) {
    this.status.textContent = words;
    this.status.hidden = !words;
  }

  #received(found) {
    this.found = found;
    const { images, total, right, interval, model, strengths, matrix, bins, samples } = found;
    this.state.model = model;
    if (this.model.options.length) this.model.value = model;
    const distorted = Object.keys(strengths).length > 0;
    if (!distorted && images === total) this.plain = { model, share: right / images };
    this.score.textContent = percent(right / images, 2);
    const before = distorted && this.plain?.model === model ? ` Undistorted: ${percent(this.plain.share, 2)}.` : "";
    this.scoreNote.textContent = `${right.toLocaleString("en")} of ${images === total ? "" : "the first "}${images.toLocaleString("en")}; ` +
      `95% interval ${percent(interval[0], 2)} to ${percent(interval[1], 2)}, without test-time augmentation.${before}`;
    this.working = images < total;
    this.#say(images === total ? "" : `${images.toLocaleString("en")} of ${total.toLocaleString("en")}`);
    this.matrix.show(matrix, this.state.cell);
    this.reliability.show(bins);
    this.calibration.textContent = "Orange: the mean confidence of a bar. Pale: fewer than 20 digits. " +
      `Confidence and accuracy differ by ${percent(found.calibration_error, 2)} on average. Temperature ${Number(found.temperature.toPrecision(3))}.`;
    this.#showSamples(samples);
    this.#showThreshold();
    this.#askCell();
  }

  #showSamples({ values }) {
    this.canvases ??= Array.from({ length: 10 }, () => digitCanvas(""));
    if (!this.samples.children.length) this.samples.append(...this.canvases.map((canvas) => h("li", null, canvas)));
    this.canvases.forEach((canvas, index) => paintDigit(canvas, values.subarray(784 * index, 784 * (index + 1))));
  }

  #openCell(cell) {
    this.state.cell = cell;
    if (this.found) this.matrix.show(this.found.matrix, cell);
    this.#askCell();
    this.#remember();
  }

  #askCell() {
    const [row, column] = this.state.cell ?? [-1, -1];
    this.mistakes.setAttribute("aria-pressed", !this.state.cell);
    this.studio.socket.send("behind", { true: row, predicted: column });
  }

  #showGallery({ true: row, predicted: column, count, digits, images }) {
    const all = count.toLocaleString("en");
    const what = row < 0 ? `${all} ${count === 1 ? "mistake" : "mistakes"}` : `${all} ${count === 1 ? "image" : "images"} of digit ${row} taken for ${column}`;
    this.galleryTitle.textContent = `${what}${digits.length < count ? `, the ${digits.length} most confident` : count > 1 ? ", the most confident first" : ""}`;
    const { model } = this.state;
    this.gallery.replaceChildren(...digits.map(({ index, label, answer, confidence }, at) => {
      const canvas = digitCanvas("");
      paintDigit(canvas, images.values.subarray(784 * at, 784 * (at + 1)));
      const address = `/inside?${new URLSearchParams({ model, digit: index })}`;
      return h("li", null, h("a", { href: address, title: `Test digit ${index}: look inside` }, canvas, h("span", null, h("b", null, String(label)), label === answer ? "" : h("b.wrong", null, ` → ${answer}`)),
      h("small", null, probability(confidence))));
    }), ...(digits.length ? [] : [h("li.note", null, "None.")]));
  }

  #showThreshold() {
    const { thresholds, unsure_below: usual } = this.found;
    const wanted = this.state.below ?? usual ?? 0;
    let at = 0;
    thresholds.forEach(({ threshold }, index) => {
      if (Math.abs(threshold - wanted) < Math.abs(thresholds[at].threshold - wanted)) at = index;
    });
    this.below.max = thresholds.length - 1;
    this.below.value = at;
    const { threshold, n, answered, wrong, error, interval95 } = thresholds[at];
    this.belowValue.textContent = percent(threshold, threshold > 0.99 ? 2 : 0);
    this.below.setAttribute("aria-valuetext", this.belowValue.textContent);
    const allWrong = n - this.found.right;
    const parts = [answered - wrong, wrong, n - answered];
    [...this.shares.children].forEach((bar, index) => { bar.style.flexGrow = parts[index]; });
    const say = (value) => value.toLocaleString("en");
    this.effect.replaceChildren(
      h("li", null, h("i.swatch.answered"), `Accepted: ${say(answered)} of ${say(n)} (${percent(answered / n, 1)})`),
      h("li", null, h("i.swatch.wrong"), `Wrong among them: ${say(wrong)} (${percent(error, 2)}${interval95 ? `; 95% interval ${percent(interval95[0], 2)} to ${percent(interval95[1], 2)}` : ""})`),
      h("li", null, h("i.swatch.left"), `Unsure, left to a person: ${say(n - answered)}, of which ${say(allWrong - wrong)} would be wrong`),
      ...(usual === null ? [] : [h("li.note", null, `The model itself is unsure below ${percent(usual, 1)}, which was chosen on the validation images.`)]));
    this.#remember();
  }

  #remember() {
    const { model, strengths, cell, below, stage } = this.state;
    this.studio.remember("judge", { model, ...strengths, cell: cell ? cell.join(".") : "", below: below ?? "", stage: stage === 99 ? "" : stage });
  }
}
