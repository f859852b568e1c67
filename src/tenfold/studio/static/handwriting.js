// Learning the handwriting of the user: a copy of the chosen network is trained further on the kept digits.

import { button, h, percent } from "./dom.js";

const PART = 40; // digits in a message, which is limited to 64 kB
const LEARN = "M4 19l4-1L19 7l-3-3L5 15zM13 20h7";

const outOf = ({ correct, n }) => `${correct} of ${n}`;

export class Handwriting {
  /** kept: the kept digits; chosen() is the name of the chosen network, use(name) chooses another one. */
  constructor(socket, kept, chosen, use) {
    Object.assign(this, { socket, kept, chosen, use });
    this.state = { state: "idle", least: 10 };
    this.button = button("Learn my handwriting", LEARN, () => this.#learn());
    this.stop = button("Stop", null, () => socket.send("learn-stop", {}));
    this.progress = h("progress", { max: 1, "aria-label": "Progress of the learning" });
    this.words = h("p.note", { role: "status" });
    this.result = h("div.learned");
    this.element = h("div.learning", null, h("div.row", null, this.button, this.words, this.stop), this.progress, this.result);
    const ask = () => socket.send("handwriting-open", {});
    socket.on("welcome", ask);
    if (socket.ready) ask();
    socket.on("handwriting", (state) => {
      this.state = state;
      this.show();
    });
    this.show();
  }

  show() {
    const { state, least, model, problem } = this.state;
    const running = state === "running";
    const count = this.kept.digits.length;
    this.button.disabled = running || count < least;
    this.stop.hidden = this.progress.hidden = !running;
    this.progress.value = this.state.share ?? 0;
    const words = {
      running: `A copy of ${model} learns your digits, mixed with digits of MNIST. You can go on drawing.`,
      failed: problem, stopped: "The training ended before it was finished. Nothing was saved.",
    };
    this.words.textContent = words[state] ?? (count < least ? `Keep at least ${least} digits, better three of each. You have kept ${count}.`
      : "Trains a copy of the chosen network on your digits. It takes about a minute.");
    this.result.replaceChildren(...(state === "finished" ? this.#table() : []));
  }

  #table() {
    const { model, folder, before, after, validation_before: early, validation_after: late, command } = this.state;
    const row = (name, ...cells) => h("tr", null, h("th", { scope: "row" }, name), cells.map((cell) => h("td", null, cell)));
    const name = `your handwriting (${folder})`;
    return [
      h("div.scroll", { tabindex: 0, role: "region", "aria-label": "What it has learned" }, h("table", null,
        h("thead", null, h("tr", null, h("td"), ["Before", "After"].map((each) => h("th", { scope: "col" }, each)))),
        h("tbody", null, row("Your digits, correct", outOf(before), outOf(after)),
          row(`${late.n.toLocaleString("en")} validation digits of MNIST, correct`, percent(early.accuracy, 1), percent(late.accuracy, 1))))),
      h("p.note", null, `Before: ${model}. After: each of your digits was read by a copy that had learned four fifths of your digits, but not that digit. The saved network has learned all of them.`),
      h("div.row", null, button("Use this network", null, () => this.use(name)), h("pre", { tabindex: 0 }, command)),
    ];
  }

  #learn() {
    const digits = this.kept.digits.map(({ label, pixels }) => [label, btoa(String.fromCharCode(...pixels))]);
    for (let at = 0; at < digits.length; at += PART) {
      this.socket.send("learn", { model: this.chosen(), digits: digits.slice(at, at + PART), first: !at, last: at + PART >= digits.length });
    }
  }
}
