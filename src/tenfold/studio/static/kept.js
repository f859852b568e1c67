// The digits that the user has kept, in the storage of the browser.

import { digitCanvas, paintDigit } from "./digit.js";
import { h } from "./dom.js";

const KEY = "tenfold-kept";
const MOST = 200; // digits; of more, the oldest are dropped

const isDigit = (d) => Number.isInteger(d?.label) && Array.isArray(d.pixels) && d.pixels.length === 784
  && typeof d.ink === "string";

function stored() {
  try {
    const digits = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(digits) ? digits.filter(isDigit) : [];
  } catch {
    return [];
  }
}

export class Kept {
  /** onopen is called with a digit that was chosen, onchange after a change. */
  constructor(onopen, onchange) {
    this.onopen = onopen;
    this.onchange = onchange;
    this.digits = stored();
    this.element = h("ul.strip.kept");
    this.#show();
  }

  add(digit) {
    this.digits = [...this.digits, digit].slice(-MOST);
    this.#save();
  }

  remove(digit) {
    this.digits = this.digits.filter((other) => other !== digit);
    this.#save();
  }

  #save() {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.digits));
    } catch {
      // the storage is full or switched off: the digits are kept until the page is closed
    }
    this.#show();
    this.onchange();
  }

  #show() {
    const items = this.digits.map((digit) => {
      const canvas = digitCanvas("");
      paintDigit(canvas, digit.pixels);
      return h("li", null,
        h("button.open", { type: "button", "aria-label": `Show this ${digit.label} again`, onclick: () => this.onopen(digit) }, canvas),
        h("b", null, String(digit.label)),
        h("button.remove", { type: "button", "aria-label": `Remove this ${digit.label}`, onclick: () => this.remove(digit) }, "×"));
    });
    const hint = "Nothing kept yet. Keep digits, with their correct labels, to make a data set of your own handwriting.";
    this.element.replaceChildren(...(items.length ? items.reverse() : [h("li.note", null, hint)]));
  }
}
