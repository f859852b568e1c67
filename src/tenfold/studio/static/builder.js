// A network that is put together by hand: its layers as a list, with the shape after each of them.

import { button, h, shapeText } from "./dom.js";

const PLUS = "M12 5v14M5 12h14";
const whole = (name, value, most) => ({ name, value, min: 1, max: most, step: 1 });
const simple = (name, part) => ({ name, pattern: new RegExp(`^${part}$`), fields: [], text: () => part });
const pool = (name, letter) => ({ name, pattern: new RegExp(`^${letter}(\\d*)$`), fields: [whole("Size", 2, 28)],
  text: ([size]) => (size === 2 ? letter : letter + size) });

/** The kinds of layers. pattern: the part of a layout that describes such a layer; fields: its numbers;
 * text: returns the part of a layout for given numbers. */
const KINDS = [
  { name: "Convolution", pattern: /^(\d+)c(\d+)(?:\/(\d+))?$/, fields: [whole("Channels", 16, 999), whole("Kernel", 3, 28), whole("Stride", 1, 28)],
    text: ([channels, kernel, stride]) => `${channels}c${kernel}${stride > 1 ? `/${stride}` : ""}` },
  pool("Max-pooling", "P"), pool("Average pooling", "A"),
  simple("Global average", "G"), simple("Global maximum", "M"), simple("Batch normalisation", "BN"),
  ...["ReLU", "LeakyReLU", "GELU", "Sigmoid", "Tanh"].map((name) => simple(name, name)), simple("Flatten", "F"),
  { name: "Dense", pattern: /^(\d+)$/, fields: [whole("Units", 64, 99999)], text: ([units]) => String(units) },
  { name: "Dropout", pattern: /^D([\d.]+)$/, fields: [{ name: "Rate", value: 0.25, min: 0, max: 0.95, step: 0.05 }], text: ([rate]) => `D${rate}` },
];
const other = (part) => ({ name: part, fields: [], text: () => part });

/** A layer {kind, values} from its part of a layout. */
function layerOf(part) {
  const kind = KINDS.find(({ pattern }) => pattern.test(part)) ?? other(part);
  const found = kind.pattern?.exec(part).slice(1) ?? [];
  return { kind, values: kind.fields.map(({ value }, index) => Number(found[index] || value)) };
}

/** Return the value of a setting of a network. If a new value is given, set it, and return the old one. */
function setting(racer, key, value) {
  const at = racer.settings.findIndex((each) => each.startsWith(`${key}=`));
  const old = at < 0 ? undefined : racer.settings[at].slice(key.length + 1).replace(/^"|"$/g, "");
  if (value !== undefined) racer.settings.splice(at < 0 ? racer.settings.length : at, 1, `${key}=${value}`);
  return old;
}

/** Whether the layers of a network are written out in its settings. */
export const isByHand = (racer) => racer.settings.includes("architecture=Sequential") && setting(racer, "layout") !== undefined;

export class Builder {
  /** racer: the network, whose settings are changed; onchange is called after a change. */
  constructor(racer, index, onchange) {
    this.racer = racer;
    this.onchange = onchange;
    this.layers = (setting(racer, "layout") || "").split("-").filter(Boolean).map(layerOf);
    this.list = h("ol.layerlist");
    this.total = h("p.note", { "aria-live": "polite" });
    const kind = h("select", { "aria-label": "Kind of layer" }, KINDS.map(({ name }, at) => h("option", { value: at }, name)));
    const padded = h("input", { type: "checkbox", checked: setting(racer, "padding") === "same",
      onchange: () => {
        setting(racer, "padding", padded.checked ? "same" : "valid");
        onchange();
      } });
    this.fields = h("fieldset", null, h("legend.unseen", null, `Layers of ${racer.name}`), this.list,
      h("div.row", null, kind, button("Add", PLUS, () => this.#add(KINDS[kind.value]), { title: "Add this layer at the end" }),
        h("label.choice", null, padded, "Convolutions keep the size (zeros around the image)")), this.total);
    this.element = h("details.card.byhand", { open: true }, h("summary", null, h("i.swatch.s" + index), ` Layers of ${racer.name}`), this.fields);
    this.#rebuild();
  }

  get layout() {
    return { layout: setting(this.racer, "layout"), padding: setting(this.racer, "padding") ?? "valid" };
  }

  enable(on) {
    if (this.fields.disabled === !on) return;
    this.fields.disabled = !on;
    this.element.open = on;
  }

  /** Show the shape after each layer, or why a layer is impossible. */
  show({ rows, problem }) {
    this.rows.forEach(({ item, shape, count, why }, index) => {
      const row = rows[index];
      const wrong = !row && index === rows.length;
      item.classList.toggle("impossible", wrong);
      shape.textContent = row ? shapeText(row.shape) : "";
      count.textContent = row ? row.parameters.toLocaleString("en") : "";
      why.textContent = wrong ? problem : "";
      why.hidden = !wrong;
    });
    const sum = rows.reduce((total, { parameters }) => total + parameters, 0);
    this.total.textContent = problem ? problem : `${sum.toLocaleString("en")} parameters in all`;
    this.total.classList.toggle("unseen", Boolean(problem)); // the problem is shown beside its layer
  }

  #add(kind) {
    this.layers.push({ kind, values: kind.fields.map(({ value }) => value) });
    this.#changed();
    this.rows[this.layers.length - 1].item.querySelector("input, button")?.focus();
  }

  #move(index, by, name) {
    const [layer] = this.layers.splice(index, 1);
    if (by) this.layers.splice(index + by, 0, layer);
    this.#changed();
    const row = this.rows[Math.min(index + by, this.layers.length)];
    (row.item.querySelector(`[data-move=${name}]:enabled`) ?? row.item.querySelector("button:enabled") ?? this.fields.querySelector(".row button")).focus();
  }

  #changed(rebuild = true) {
    setting(this.racer, "layout", JSON.stringify(this.layers.map(({ kind, values }) => kind.text(values)).join("-")));
    if (rebuild) this.#rebuild();
    this.onchange();
  }

  #rebuild() {
    const output = { kind: { name: "Dense 10, output", fields: [] }, values: [] };
    this.rows = [...this.layers, output].map((layer, index) => this.#row(layer, index));
    this.list.replaceChildren(h("li.input", null, h("b", null, "Image"), h("span.shape", null, shapeText([28, 28, 1])), h("span.count", null, "parameters")),
      ...this.rows.map(({ item }) => item));
  }

  #row({ kind, values }, index) {
    const shape = h("span.shape");
    const count = h("span.count");
    const why = h("p.why", { hidden: true });
    const sizes = kind.fields.map((field, at) => h("label", null, field.name, h("input", { type: "number", value: values[at], min: field.min, max: field.max, step: field.step,
      onchange: ({ target }) => {
        values[at] = Math.min(field.max, Math.max(field.min, Number(Number(target.value).toFixed(field.step < 1 ? 2 : 0)) || field.min));
        target.value = values[at];
        this.#changed(false);
      } })));
    const move = (name, sign, by, off) => h("button", { type: "button", "data-move": name, "aria-label": `${name} layer ${index + 1}, ${kind.name}`, disabled: off,
      onclick: () => this.#move(index, by, name) }, sign);
    const last = this.layers.length - 1;
    const moves = index > last ? [] : [move("Raise", "↑", -1, !index), move("Lower", "↓", 1, index === last), move("Remove", "×", 0, false)];
    const item = h("li", null, h("b", null, h("small", null, index + 1), kind.name), h("span.sizes", null, sizes), shape, count, h("span.moves", null, moves), why);
    return { item, shape, count, why };
  }
}
