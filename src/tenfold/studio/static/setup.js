// The choice of what is trained: a preset, its networks with their settings, and the random seed.

import { Builder, isByHand } from "./builder.js";
import { button, h } from "./dom.js";

const MOST = 4; // networks
const PLUS = "M12 5v14M5 12h14";

export class Setup {
  /** query: the address of the page; onchange is called when something was chosen, oncompose with
   * the layouts of the networks that are put together by hand. */
  constructor(query, onchange, oncompose) {
    this.onchange = onchange;
    this.oncompose = oncompose;
    this.builders = [];
    this.enabled = true;
    this.byHand = h("div.byhands");
    this.presets = [];
    this.recipes = [];
    this.racers = [];
    this.compare = h("select", { id: "compare", onchange: () => this.#choose(this.compare.value) });
    this.question = h("p.note");
    this.notes = h("details", { hidden: true }, h("summary", null, "What was corrected"), h("ul.notes"));
    this.list = h("ol.nets");
    this.add = button("Network", PLUS, () => this.#add(), { title: "Another network, up to four" });
    const number = (id, value, hint) => h("input", { id, type: "number", min: id === "seed" ? 0 : 1, value, placeholder: hint, onchange: () => onchange() });
    this.epochs = number("epochs", "", "as set");
    this.batch = number("batch", "", "as set");
    this.seed = number("seed", "0", "0");
    const row = (name, input) => h("label.field", { for: input.id }, name, input);
    this.fields = h("fieldset", null, h("legend.unseen", null, "What is trained"),
      row("Show", this.compare), this.question, this.notes,
      h("div.three", null, row("Epochs", this.epochs), row("Batch size", this.batch), row("Seed", this.seed)),
      h("details", null, h("summary", null, "Settings of each network"), this.list, this.add));
    this.element = h("div.card.setup", null, h("h2", null, "Set-up"), this.fields);
    this.take(query);
  }

  /** Take the presets and recipes that the server offers. */
  offer({ presets, recipes }) {
    if (this.presets.length) return;
    this.presets = presets;
    this.recipes = recipes;
    for (const { name, title, group } of presets) {
      const option = h("option", { value: name }, title);
      if (group && this.compare.lastChild?.label !== group) this.compare.append(h("optgroup", { label: group }));
      (group ? this.compare.lastChild : this.compare).append(option);
    }
    this.take(this.initial);
  }

  /** Take the state in the query of an address. */
  take(query) {
    this.initial = query;
    this.epochs.value = query.get("epochs") ?? "";
    this.batch.value = query.get("batch") ?? "";
    this.seed.value = query.get("seed") ?? "0";
    if (!this.presets.length) return;
    const wanted = this.presets.find(({ name }) => name === query.get("show")) ?? this.presets[0];
    this.#choose(wanted.name, this.#stored());
  }

  #stored() {
    try {
      const nets = JSON.parse(this.initial.get("nets") ?? "null");
      const valid = (net) => typeof net?.name === "string" && typeof net.recipe === "string" && Array.isArray(net.settings)
        && net.settings.every((each) => typeof each === "string");
      return Array.isArray(nets) && nets.length && nets.every(valid) ? nets.slice(0, MOST) : null;
    } catch {
      return null;
    }
  }

  enable(on) {
    this.fields.disabled = !on;
    this.element.classList.toggle("locked", !on);
    this.enabled = on;
    for (const builder of this.builders) builder.enable(on);
  }

  /** Show the layers of the networks that are put together by hand. */
  composed(networks) {
    if (networks.length === this.builders.length) networks.forEach((network, index) => this.builders[index].show(network));
  }

  get preset() {
    return this.presets.find(({ name }) => name === this.compare.value);
  }

  get message() {
    const extra = [["epochs", this.epochs.value], ["batch_size", this.batch.value]]
      .filter(([, value]) => value !== "").map(([key, value]) => `${key}=${value}`);
    const racers = this.racers.map((each) => ({ ...each, settings: [...each.settings, ...extra] }));
    return { seed: Math.max(0, Math.round(Number(this.seed.value) || 0)), racers };
  }

  get address() {
    if (!this.preset) return Object.fromEntries(this.initial);
    const changed = JSON.stringify(this.racers) !== JSON.stringify(this.preset.racers);
    return {
      show: this.compare.value, epochs: this.epochs.value, batch: this.batch.value,
      seed: this.seed.value === "0" ? "" : this.seed.value, nets: changed ? JSON.stringify(this.racers) : "",
    };
  }

  #choose(name, racers = null) {
    this.compare.value = name;
    this.question.textContent = this.preset.question;
    this.notes.hidden = !this.preset.notes.length;
    this.notes.lastChild.replaceChildren(...this.preset.notes.map((note) => h("li", null, note)));
    this.racers = structuredClone(racers ?? this.preset.racers);
    this.#list();
    this.onchange();
  }

  #add() {
    const last = this.racers[this.racers.length - 1];
    this.racers.push({ ...structuredClone(last), name: `${last.name} 2` });
    this.#list();
    this.onchange();
  }

  /** The networks that are put together by hand, each with its layers. */
  #build() {
    this.builders = this.racers.flatMap((racer, index) => (isByHand(racer) ? [new Builder(racer, index, () => {
      this.list.children[index].querySelector("textarea").value = racer.settings.join(" ");
      this.onchange();
      this.#compose();
    })] : []));
    for (const builder of this.builders) builder.enable(this.enabled);
    this.byHand.replaceChildren(...this.builders.map(({ element }) => element));
    this.#compose();
  }

  #compose() {
    if (this.builders.length) this.oncompose(this.builders.map(({ layout }) => layout));
  }

  #list() {
    this.#build();
    this.add.disabled = this.racers.length >= MOST;
    this.list.replaceChildren(...this.racers.map((racer, index) => {
      const change = (key, read) => (event) => {
        racer[key] = read(event.target.value);
        this.#build();
        this.onchange();
      };
      const recipe = h("select", { "aria-label": `Recipe of network ${index + 1}`, onchange: change("recipe", (v) => v) },
        this.recipes.map(({ name, summary }) => h("option", { value: name, title: summary }, name)));
      recipe.value = racer.recipe;
      const remove = h("button.remove", { type: "button", "aria-label": `Remove network ${index + 1}`, disabled: this.racers.length === 1,
        onclick: () => {
          this.racers.splice(index, 1);
          this.#list();
          this.onchange();
        } }, "×");
      return h("li", null, h(`i.swatch.s${index}`),
        h("input", { value: racer.name, "aria-label": `Name of network ${index + 1}`, onchange: change("name", (v) => v) }), recipe, remove,
        h("textarea", { rows: 2, spellcheck: "false", "aria-label": `Settings of network ${index + 1}`, placeholder: "learning_rate=0.01 hidden=64",
          onchange: change("settings", (v) => v.split(/\s+/).filter(Boolean)) }, racer.settings.join(" ")));
    }));
  }
}
