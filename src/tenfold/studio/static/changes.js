// The answer of the network, and what changes it: units that are off, pruning, temperature.

import { Bars } from "./bars.js";
import { button, h, percent, probability } from "./dom.js";
import { number } from "./equations.js";

export class Changes {
  /** onchange is called with what was changed: off, prune or temperature. */
  constructor(onchange) {
    this.onchange = onchange;
    this.bars = new Bars();
    const slider = (id, low, high, step, act) => h("input", { id, type: "range", min: low, max: high, step, oninput: act });
    this.prune = slider("prune", 0, 0.95, 0.05, () => onchange({ prune: Number(this.prune.value) }));
    this.temperature = slider("temperature", -1, 1, 0.02,
      () => onchange({ temperature: Number((10 ** this.temperature.value).toPrecision(3)) }));
    this.pruneValue = h("output");
    this.temperatureValue = h("output");
    this.off = h("ul.off");
    this.reset = button("Undo all changes", null, () => onchange({ off: [], prune: 0, temperature: null }));
    this.effect = h("p.effect", { "aria-live": "polite" });
    const knob = (name, input, output) => h("label.knob", { for: input.id }, h("span", null, name), output, input);
    this.element = h("div.card.change", null, h("h2", null, "Answer, and what changes it"), this.bars.element,
      knob("Prune the smallest weights", this.prune, this.pruneValue),
      knob("Temperature", this.temperature, this.temperatureValue), this.effect, this.off, this.reset);
  }

  /** Show an answer, and the changes in the state of the page. */
  show({ probabilities, probabilities_before: original, temperature, changed, layers }, { off, prune, temperature: chosen }) {
    this.bars.show([...probabilities.values]);
    const t = chosen ?? temperature;
    this.prune.value = prune;
    this.pruneValue.textContent = percent(prune);
    this.temperature.value = Math.log10(t);
    this.temperatureValue.textContent = number(t, 3);
    this.reset.disabled = !changed && chosen === null;
    this.off.replaceChildren(...off.map(([layer, unit]) => {
      const { index, name, shape } = layers[layer];
      const what = `${index} ${name}, ${shape.length === 3 ? "channel" : "unit"} ${unit}`;
      return h("li", null, button(`${what} is off ×`, null,
        () => this.onchange({ off: off.filter(([a, b]) => a !== layer || b !== unit) }), { title: "Switch it on again" }));
    }));
    const best = original.values.indexOf(Math.max(...original.values));
    this.before = changed || chosen !== null ? `Before: ${probability(original.values[best])} for ${best}.` : "";
    this.effect.textContent = this.before;
    this.changed = changed;
  }

  showEffect({ before, after }) {
    if (!this.changed) return;
    this.effect.textContent = `${this.before} The changed network reads ${percent(after, 1)} of 500 validation digits correctly, the unchanged one ${percent(before, 1)}.`;
  }
}
