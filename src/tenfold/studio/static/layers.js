// The statistics of the layers of a network, as a table.

import { h, percent } from "./dom.js";

const LARGE = 0.05; // update ratio, as in the hints
const DEAD = 0.7;

const short = (value) => {
  if (value === undefined) return "";
  if (value === null) return "not finite";
  if (value === 0) return "0";
  const size = Math.abs(value);
  return (size >= 1000 || size < 0.001 ? value.toExponential(1) : value.toPrecision(2)).replaceAll("-", "−");
};

/** A bar on a logarithmic scale from 1e-6 to 1. */
function bar(value, odd) {
  const share = value > 0 ? Math.max(0, Math.min(1, 1 + Math.log10(value) / 6)) : 0;
  const inner = h("i");
  inner.style.transform = `scaleX(${share})`;
  return h(`span.meter${odd ? ".odd" : ""}`, null, inner);
}

/** The table of the latest measurement {rows, step}, or a sentence if there is none. */
export function layerTable(measured) {
  if (!measured) {
    return h("p.note", null, "For each layer: its gradient, how much a step changes the weights, how many units are dead, its weights and its outputs.");
  }
  const head = [["Layer"], ["Gradient", "root mean square"], ["Update", "per weight; about 0.001 is usual"],
    ["Dead", "share of units"], ["Weights", "root mean square"], ["Outputs", "mean ± standard deviation"]];
  const body = measured.rows.map((row) => {
    const [index, name] = row.name.split(" ");
    const ratio = row.weight_rms === 0 ? undefined : row.update_ratio; // weights that are all 0 have no ratio
    const odd = ratio !== undefined && (ratio === null || ratio > LARGE);
    const dead = row.dead ?? 0;
    return h("tr", null, h("th", { scope: "row" }, h("small", null, index), ` ${name}`),
      h("td", null, short(row.gradient_rms)),
      h(odd ? "td.odd" : "td", null, short(ratio), ratio === undefined ? null : bar(ratio, odd)),
      h(dead > DEAD ? "td.odd" : "td", null, row.dead === undefined ? "" : percent(dead)),
      h("td", null, short(row.weight_rms)), h("td", null, `${short(row.mean)} ± ${short(row.deviation)}`));
  });
  return h("table.layers", null, h("caption.unseen", null, `Layers after step ${measured.step}`),
    h("thead", null, h("tr", null, head.map(([name, hint]) => h("th", { scope: "col", title: hint ?? "" }, name)))),
    h("tbody", null, body));
}
