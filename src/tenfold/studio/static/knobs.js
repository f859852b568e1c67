// Knobs: the settings of the chosen network that can be turned while it is trained.

import { h } from "./dom.js";

const STEPS = 400; // of a slider

export class Knobs {
  /** onturn is called with the key of a setting and its new value. */
  constructor(onturn) {
    this.onturn = onturn;
    this.shown = ""; // which network is shown, with the keys of its knobs
    this.title = h("h2", null, "Knobs");
    this.list = h("div");
    this.element = h("div.card.knobs", { hidden: true }, this.title, this.list);
  }

  /** Show the knobs of a network, or none. */
  show(racer) {
    this.element.hidden = !racer;
    if (!racer) return;
    this.title.textContent = `Change while ${racer.name} learns`;
    const shown = racer.name + racer.folder + racer.knobs.map(({ key }) => key).join();
    if (shown !== this.shown) {
      this.shown = shown;
      this.inputs = racer.knobs.map((knob) => this.#make(knob));
      this.list.replaceChildren(...this.inputs.map(({ row }) => row));
    }
    racer.knobs.forEach((knob, index) => {
      const { input, output } = this.inputs[index];
      if (document.activeElement === input && input.dataset.turning) return;
      input.value = this.#position(knob);
      output.textContent = Number(knob.value.toPrecision(3));
    });
  }

  /** The position of the slider, 0 to STEPS. */
  #position({ value, low, high, log }) {
    const share = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return Math.round(share * STEPS);
  }

  #value({ low, high, log }, position) {
    const share = position / STEPS;
    const value = log ? low * (high / low) ** share : low + (high - low) * share;
    return Math.min(high, Math.max(low, Number(value.toPrecision(3))));
  }

  #make(knob) {
    const output = h("output");
    const input = h("input", { type: "range", min: 0, max: STEPS, id: `knob-${knob.key}`,
      oninput: () => {
        input.dataset.turning = "1";
        output.textContent = this.#value(knob, input.value);
      },
      onchange: () => {
        delete input.dataset.turning;
        this.onturn(knob.key, this.#value(knob, input.value));
      } });
    const row = h("label.knob", { for: input.id }, h("span", null, knob.label), output, input);
    return { row, input, output };
  }
}
