// Draw: the pad, and what the network makes of the ink.

import { Bars } from "../bars.js";
import { digitCanvas, kaggleCsv, paintDigit, png } from "../digit.js";
import { button, download, h, probability } from "../dom.js";
import { Pad } from "../pad.js";
import { Handwriting } from "../handwriting.js";
import { Kept } from "../kept.js";

const UNDO = "M8 5 4 9l4 4M4 9h9a6 6 0 0 1 0 12h-3";
const ERASER = "M9 20h11M4 15 14 5l6 6-9 9H9zM9 10l6 6";
const CLEAR = "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13";
const KEEP = "M12 5v14M5 12h14";
const NEAREST = 5;
const VERDICTS = {
  accepted: ["accepted", "Accepted"],
  unsure: ["unsure", "Unsure"],
  none: ["none", "Not a digit"],
};

export function open(section, studio) {
  return new Draw(section, studio);
}

class Draw {
  constructor(section, studio) {
    this.studio = studio;
    this.id = 0;
    this.waiting = null; // the drawing that is being answered
    this.next = null; // what to ask for next: "now" (during a stroke) or "final"
    this.shown = 0; // the digit of a number whose details are shown
    this.answer = null;
    this.pad = new Pad((final) => this.changed(final));
    this.bars = new Bars();
    this.kept = new Kept((digit) => this.restore(digit), () => this.handwriting.show());
    this.handwriting = new Handwriting(studio.socket, this.kept, () => this.model.value, (name) => {
      this.model.value = name;
      this.changed(true);
      this.remember();
    });
    this.initial = studio.query().get("model"); // the network to choose when the list of them arrives
    this.#build(section);
    this.#listen();
    this.show(null);
    if (location.hash) this.#takeInk();
  }

  enter(moved) {
    if (moved) {
      this.model.value = this.initial = this.studio.query().get("model") ?? this.initial;
      this.#takeInk(); // before the address is written again
      this.#listModels([...this.model.options].map(({ value }) => value), this.initial);
    }
    this.pad.paint();
    this.remember();
  }

  #takeInk() {
    this.pad.text = new URLSearchParams(location.hash.slice(1)).get("ink") ?? "";
  }

  #build(section) {
    this.model = h("select", { id: "model", onchange: () => this.changed(true) });
    this.numeral = h("p.numeral");
    this.verdict = h("p.verdict");
    this.detail = h("p.detail");
    this.live = h("p.unseen", { "aria-live": "polite" });
    this.digits = h("div.digits", { role: "group", "aria-label": "Digits of the number" });
    this.seen = digitCanvas("What the network sees", "canvas.digit.large");
    this.words = h("ul.words");
    this.look = h("a.look", { href: "/inside" }, "Look inside the network");
    this.near = Array.from({ length: NEAREST }, () => {
      const canvas = digitCanvas("A training digit");
      const label = h("b");
      return { canvas, label, item: h("li", null, canvas, label) };
    });
    this.erase = button("Eraser", ERASER, () => this.#toggleEraser(), { "aria-pressed": "false" });
    const pen = h("input", { type: "range", id: "pen", min: 30, max: 150, step: 10, value: this.pad.width,
      oninput: () => { this.pad.width = Number(pen.value); } });
    const choose = h("select", { id: "label", "aria-label": "The digit that it is" },
      Array.from({ length: 10 }, (_, digit) => h("option", { value: digit }, String(digit))));
    this.label = choose;
    const tools = h("div.row.padtools", null,
      button("Undo", UNDO, () => this.pad.undo(), { title: "Ctrl+Z" }), this.erase,
      button("Clear", CLEAR, () => this.pad.clear()),
      h("label.pen", { for: "pen" }, h("span.label", null, "Pen"), pen));
    const help = h("p.unseen", { id: "pad-help" },
      "The arrow keys move the pen. Home, Page Up, End and Page Down move it diagonally. The space " +
      "bar puts the pen down and lifts it. Backspace undoes the last change. Delete removes all " +
      "strokes.");
    section.append(
      h("header.head", null, h("h1", null, "Draw"),
        h("label.choice", { for: "model" }, "Network", this.model)),
      h("div.left", null, this.pad.element, help, tools),
      h("div.card.answer", null, h("h2.unseen", null, "Answer"),
        h("div.says", null, this.numeral, h("div", null, this.verdict, this.detail)),
        this.bars.element, this.live),
      h("div.card.sees", null, h("h2", null, "What the network sees"),
        this.digits, h("div.row", null, this.seen, this.words), this.look),
      h("div.card.nearest", null, h("h2", null, "Most similar training digits"),
        h("ol.strip", null, this.near.map(({ item }) => item),
          h("li.source", null, h("p.note", null, "of 60,000, by the distance of their pixels")))),
      h("div.card.keep", null,
        h("div.row", null, h("h2", null, "Your digits"),
          h("span.push"), h("label", null, "This is a ", choose),
          this.keepButton = button("Keep", KEEP, () => this.keep()),
          this.csv = button("CSV", null, () => this.exportCsv(), { title: "Save as Kaggle's train.csv" }),
          this.png = button("PNG", null, () => this.exportPng(), { title: "Save the 28 x 28 pixels" })),
        this.kept.element, this.handwriting.element));
  }

  #listen() {
    const { socket } = this.studio;
    socket.on("welcome", () => {
      this.waiting = null;
      socket.send("models", {});
      if (!this.pad.empty) this.changed(true);
    });
    socket.on("models", ({ names }) => this.#listModels(names));
    socket.on("drawn", (answer) => this.received(answer));
    socket.on("refused", ({ about }) => {
      if (about === "draw") this.waiting = null;
    });
    if (socket.ready) socket.send("models", {});
  }

  #listModels(names, chosen = this.model.value || this.initial || this.studio.socket.model) {
    this.model.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
    this.model.value = names.includes(chosen) ? chosen : names[0];
    this.remember();
  }

  #toggleEraser() {
    this.pad.erasing = !this.pad.erasing;
    this.erase.setAttribute("aria-pressed", this.pad.erasing);
  }

  /** The ink has changed: ask for an answer, with at most one question on its way. */
  changed(final) {
    if (final) this.remember();
    this.next = final || this.next === "final" ? "final" : "now";
    if (this.pad.empty) this.show(null);
    if (this.waiting === null) this.#ask();
  }

  #ask() {
    if (!this.next) return;
    const final = this.next === "final";
    const fields = { id: ++this.id, strokes: this.pad.message, final };
    if (this.model.value) fields.model = this.model.value;
    if (!this.studio.socket.send("draw", fields)) return;
    this.waiting = this.id;
    this.next = null;
  }

  received(answer) {
    if (answer.id !== this.waiting) return;
    this.waiting = null;
    this.shown = 0;
    if (!this.pad.empty) this.show(answer.verdict === "blank" ? null : answer);
    this.#ask();
  }

  /** Show an answer, or that there is none. */
  show(answer) {
    this.answer = answer;
    const [kind, words] = VERDICTS[answer?.verdict] ?? ["", ""];
    this.numeral.textContent = answer ? (kind === "none" ? "?" : answer.number) : "";
    this.numeral.className = `numeral ${kind}`;
    this.numeral.classList.toggle("many", (answer?.number.length ?? 0) > 3);
    this.verdict.textContent = answer ? words : "Nothing drawn yet";
    this.verdict.className = `verdict ${kind}`;
    this.#showDigits(answer);
    this.#showDigit();
    const final = answer?.final ?? !answer;
    if (final) {
      this.words.replaceChildren(...(answer?.words ?? ["Draw with the mouse, a finger, a pen, or the arrow keys and the space bar."])
        .map((word) => h("li", null, word)));
      this.live.textContent = answer ? `${words}. ${kind === "none" ? "" : answer.number}` : "";
    }
    const single = answer?.final && answer.number.length === 1;
    this.keepButton.disabled = this.png.disabled = this.label.disabled = this.look.hidden = !single;
    if (single) this.label.value = answer.number;
    this.csv.disabled = this.kept.digits.length === 0;
  }

  #showDigits(answer) {
    const many = (answer?.number.length ?? 0) > 1;
    this.digits.hidden = !many;
    if (!many) return;
    this.digits.replaceChildren(...[...answer.number].map((digit, index) => {
      const canvas = digitCanvas("");
      paintDigit(canvas, answer.images.values.subarray(784 * index, 784 * (index + 1)));
      return h("button", {
        type: "button", class: answer.unsure[index] ? "unsure" : "", "aria-pressed": index === this.shown,
        "aria-label": `Digit ${index + 1}: ${digit}${answer.unsure[index] ? ", unsure" : ""}`,
        onclick: () => { this.shown = index; this.show(this.answer); },
      }, canvas, h("b", null, digit));
    }));
  }

  /** The details of the digit that is shown. */
  #showDigit() {
    const { answer, shown } = this;
    const part = ({ values, shape }) => {
      const size = values.length / shape[0];
      return values.subarray(size * shown, size * (shown + 1));
    };
    const values = answer ? part(answer.probabilities) : null;
    this.bars.show(values && [...values]);
    paintDigit(this.seen, answer && part(answer.images));
    const order = values ? [...values.keys()].sort((a, b) => values[b] - values[a]) : [];
    this.detail.textContent = order.slice(0, 3).filter((digit, rank) => !rank || values[digit] >= 0.0005)
      .map((digit) => `${probability(values[digit])} for ${digit}`).join(", ");
    if (answer && !answer.final) return;
    const near = answer ? part(answer.nearest) : null;
    this.near.forEach(({ canvas, label, item }, index) => {
      item.classList.toggle("empty", !answer);
      paintDigit(canvas, near?.subarray(784 * index, 784 * (index + 1)));
      label.textContent = answer ? answer.labels[shown][index] : "";
      canvas.setAttribute("aria-label", answer ? `A training digit, labelled ${label.textContent}` : "None");
    });
  }

  keep() {
    const { images } = this.answer;
    this.kept.add({ label: Number(this.label.value), pixels: [...images.values], ink: this.pad.text });
    this.csv.disabled = false;
    this.pad.clear();
    this.pad.canvas.focus({ preventScroll: true });
  }

  restore({ ink }) {
    this.pad.text = ink;
  }

  exportCsv() {
    download("digits.csv", new Blob([kaggleCsv(this.kept.digits)], { type: "text/csv" }));
  }

  async exportPng() {
    download(`digit-${this.label.value}.png`, await png(this.seen));
  }

  remember() {
    const ink = this.pad.empty ? "" : `ink=${this.pad.text}`;
    const model = this.model.value || this.initial;
    this.studio.remember("draw", { model }, ink);
    this.look.href = `/inside?model=${encodeURIComponent(model)}#${ink}`;
  }
}
