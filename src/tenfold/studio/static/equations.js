// Equations with their numbers: sums of products as tables, everything else as one line.

import { h } from "./dom.js";

/** A number with some significant digits. */
export function number(value, digits = 4) {
  if (value === null || value === undefined) return "not finite";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-3 ? value.toExponential(digits - 1) : String(Number(value.toPrecision(digits)));
  return text.replaceAll("-", "−").replace("e+", "e");
}

/** A unit as text: which number of the output of a layer it is. */
export function unitText(unit) {
  if (unit.length === 3) return `channel\u00a0${unit[2]}, row\u00a0${unit[0]}, column\u00a0${unit[1]}`;
  return `unit\u00a0${unit[0]}`;
}

/** One equation. If onterm is given, the rows of a sum are buttons that call onterm(index of the weight);
 * chosen is the index of the chosen weight, as text. factors: names of the two factors of a product,
 * what: name of the result, where: text that is shown instead of the unit. */
export function equation(step, { onterm = null, chosen = "", factors = ["x", "w"], what = "y", where = null } = {}) {
  const name = step.index === null ? step.name : `${step.index} ${step.name}`;
  const title = h("p.where", null, h("b", null, name),
    h("span", null, where ?? (step.index === null ? `logit ${step.unit[0]}` : unitText(step.unit))));
  const result = (numbers) => h("p.numbers", null, numbers ? `${numbers} = ` : "= ", h("b", null, number(step.value)));
  if (!step.terms.length) return h("li.equation", null, title, h("p.rule", null, step.rule), result(step.numbers));
  if (step.terms.length === 1 && !onterm && !step.rest[0] && step.constant === null) {
    const [[, left, right]] = step.terms;
    return h("li.equation", null, title, h("p.rule", null, `${what} = ${factors.join(" · ")}`), result(`${number(left)} · ${number(right)}`));
  }
  return h("li.equation", null, title, h("p.rule", null, step.rule), table(step, onterm, chosen, factors, what));
}

function table(step, onterm, chosen, factors, what) {
  const cell = (value, tag = "td") => h(tag, null, number(value));
  const rows = step.terms.map(([name, left, right, product, at]) => {
    const key = at.join(".");
    const head = onterm ? h("button", { type: "button", "aria-pressed": key === chosen, onclick: () => onterm(at) }, name) : name;
    return h("tr", null, h("th", { scope: "row" }, head), cell(left), cell(right), cell(product));
  });
  const [count, rest] = step.rest;
  const last = (name, value, kind = "tr") => h(kind, null, h("th", { scope: "row", colspan: 3 }, name), cell(value));
  if (count) rows.push(last(`${count.toLocaleString("en")} smaller ${count === 1 ? "product" : "products"}`, rest));
  if (step.constant !== null) rows.push(last("b, the bias", step.constant));
  return h("div.scroll", { tabindex: 0, role: "region", "aria-label": `${step.index} ${step.name}, ${unitText(step.unit)}, ${step.rule}` }, h("table.terms", null,
    h("thead", null, h("tr", null, h("th", { scope: "col" }, step.terms[0][0].includes("(") ? "channel (row, column)" : "unit"), factors.map((name) => h("th", { scope: "col" }, name)),
      h("th", { scope: "col" }, "product"))),
    h("tbody", null, rows), h("tfoot", null, last(`${what}, the sum`, step.value))));
}
