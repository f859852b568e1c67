// Calibration: how often answers with a confidence are correct, beside the line of perfect calibration.

import { h, percent, s } from "./dom.js";

const SIDE = 200;
const LEFT = 34;
const BOTTOM = 44;

export class Reliability {
  constructor() {
    this.svg = s("svg", { class: "reliability", role: "img", viewBox: `0 0 ${SIDE + LEFT + 8} ${SIDE + BOTTOM + 8}` });
    this.table = h("table");
    this.element = h("div", null, this.svg, h("div.unseen", null, this.table));
  }

  /** Show bins {low, high, count, confidence, accuracy}. */
  show(bins) {
    const x = (share) => LEFT + SIDE * share;
    const y = (share) => 6 + SIDE * (1 - share);
    const ticks = [0, 0.5, 1].flatMap((share) => [
      s("line", { class: "grid", x1: x(0), x2: x(1), y1: y(share), y2: y(share) }),
      s("text", { x: LEFT - 6, y: y(share), dy: "0.32em", class: "end" }, percent(share)),
      s("text", { x: x(share), y: SIDE + 22, class: share === 1 ? "end" : share ? "middle" : "" }, percent(share)),
    ]);
    const axes = [s("text", { x: x(0) + 6, y: y(1) + 14 }, "answers that are correct"), s("text", { x: x(0.5), y: SIDE + 40, class: "middle" }, "confidence of the network")];
    const bars = bins.filter(({ count }) => count).map(({ low, high, count, confidence, accuracy }) => s("g", { class: count < 20 ? "few" : "" },
      s("rect", { x: x(low) + 1, y: y(accuracy), width: SIDE * (high - low) - 2, height: SIDE * accuracy }),
      s("line", { class: "mean", x1: x(low) + 1, x2: x(high) - 1, y1: y(confidence), y2: y(confidence) })));
    this.svg.replaceChildren(...ticks, ...axes, ...bars, s("line", { class: "ideal", x1: x(0), y1: y(0), x2: x(1), y2: y(1) }));
    this.svg.setAttribute("aria-label", "Accuracy for each confidence, as in the table that follows");
    this.table.replaceChildren(h("caption", null, "Calibration"),
      h("tr", null, ["Confidence", "Digits", "Mean confidence", "Correct"].map((name) => h("th", { scope: "col" }, name))),
      ...bins.filter(({ count }) => count).map(({ low, high, count, confidence, accuracy }) => h("tr", null,
        h("th", { scope: "row" }, `${percent(low)} to ${percent(high)}`), h("td", null, count), h("td", null, percent(confidence, 1)), h("td", null, percent(accuracy, 1)))));
  }
}
