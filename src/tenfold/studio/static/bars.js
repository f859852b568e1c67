// Ten bars: the probability of each digit.

import { h, probability } from "./dom.js";

export class Bars {
  constructor() {
    this.items = Array.from({ length: 10 }, (_, digit) => {
      const value = h("span.value");
      const bar = h("span.bar");
      return { value, bar, item: h("li", null, value, h("span.track", null, bar), h("b", null, String(digit))) };
    });
    this.element = h("ol.bars", { "aria-label": "Probability of each digit" },
      this.items.map(({ item }) => item));
    this.show(null);
  }

  /** Show ten probabilities, or nothing. */
  show(values) {
    const best = values ? values.indexOf(Math.max(...values)) : -1;
    this.items.forEach(({ value, bar, item }, digit) => {
      const p = values ? values[digit] : 0;
      value.textContent = values && p >= 0.0005 ? probability(p) : "";
      bar.style.transform = `scaleY(${p})`;
      item.className = digit === best ? "best" : "";
    });
  }
}
