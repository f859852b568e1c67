// The chain rule for one weight, beside the finite difference.

import { equation, number } from "./equations.js";
import { h } from "./dom.js";

const STEPS = [0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6, 1e-8];

/** The name of a weight, such as "weight [3, 0, 2, 7]". */
const nameOf = ({ name, index }) => `${name.split(".").slice(1).join(".")} [${index.join(", ")}]`;

export class WeightPanel {
  /** onstep is called with the step of the difference that was chosen. */
  constructor(onstep) {
    this.title = h("h2");
    this.chain = h("ol.equations");
    this.step = h("select", { id: "step", onchange: () => onstep(Number(this.step.value)) },
      STEPS.map((value) => h("option", { value }, number(value, 1))));
    this.rows = h("dl.compare");
    this.words = h("p.note");
    this.warning = h("p.problem", { role: "status", hidden: true });
    this.element = h("div.card.weight", { hidden: true }, this.title,
      h("div.check", null, h("h3", null, "The same without calculus"),
        h("label.choice", { for: "step" }, "Step h", this.step), this.rows, this.warning, this.words),
      h("div", null, h("h3", null, "From the weight to the loss: each factor ∂L/∂y is the result of the next equation"), this.chain));
  }

  show(weight) {
    this.element.hidden = !weight;
    if (!weight) return;
    this.title.textContent = `The chain rule for ${nameOf(weight)} = ${number(weight.value)}`;
    this.chain.replaceChildren(...weight.chain.map((step, rank) => equation(step,
      { where: rank ? null : nameOf(weight), factors: rank ? ["∂L/∂y", "∂y/∂x"] : ["∂L/∂y", "∂y/∂w"], what: rank ? "∂L/∂x" : "∂L/∂w" })));
    this.step.value = String(weight.step);
    const row = (name, value) => [h("dt", null, name), h("dd", null, value)];
    this.rows.replaceChildren(...[
      row("L(w − h)", number(weight.lower, 10)), row("L(w + h)", number(weight.upper, 10)),
      row("Difference / 2h", number(weight.difference, 10)), row("Chain rule", number(weight.gradient, 10)),
      row("They differ by", weight.error === 0 ? "nothing" : `${number(weight.error, 2)} of their size`),
    ].flat());
    const switched = weight.switched.map(({ index, name, units }) =>
      `${units} ${units === 1 ? "number" : "numbers"} of ${index} ${name}`);
    this.warning.hidden = !switched.length;
    this.warning.textContent = switched.length ? `Within the step h, ${switched.join(" and ")} switch: a ReLU switches on or off, or ` +
      "another pixel becomes the largest in its window. The loss has a kink there, so the difference is not the derivative. Choose a smaller step." : "";
    this.words.textContent = "Everything is computed in float64: in float32, the two losses would agree in nearly all of their digits. " +
      "Batch normalisation uses its stored statistics, and dropout is off, as when the network predicts.";
  }
}
