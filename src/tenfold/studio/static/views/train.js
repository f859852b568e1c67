// Train: set up one to four networks, watch them learn, and change their settings.

import { Chart } from "../chart.js";
import { digitCanvas, paintDigit } from "../digit.js";
import { button, h, percent } from "../dom.js";
import { Setup } from "../setup.js";
import { Knobs } from "../knobs.js";
import { layerTable } from "../layers.js";

const PLAY = "M8 5v14l11-7z";
const PAUSE = "M9 5v14M15 5v14";
const STEP = "M6 5v14l9-7zM18 5v14";
const EPOCH = "M4 5v14l7-7zM12 5v14l7-7z";
const STOP = "M6 6h12v12H6z";
const STATES = {
  idle: "Ready", starting: "Starting…", running: "Training", paused: "Paused", stopping: "Saving…",
  ended: "Ended", failed: "Not possible", crashed: "Ended unexpectedly",
};
const ACTIVE = ["starting", "running", "paused", "stopping"];

export function open(section, studio) {
  return new Train(section, studio);
}

const loss = (value) => (value >= 100 ? value.toExponential(1) : value.toPrecision(value < 1 ? 2 : 3));

class Train {
  constructor(section, studio) {
    this.studio = studio;
    this.job = { state: "idle", problem: "", racers: [] };
    this.chosen = 0; // the network whose details are shown
    this.layers = [];
    this.previews = [];
    this.digits = null;
    this.setup = new Setup(studio.query(), () => this.remember(), (layouts) => studio.socket.send("compose", { layouts }));
    this.knobs = new Knobs((key, value) => studio.socket.send("set", { racer: this.chosen, key, value }));
    this.lossChart = new Chart({ title: "Training loss", x: "step", format: loss, tick: (v) => String(Number(v.toPrecision(2))), log: true, smooth: true, ceiling: 20 });
    this.accuracyChart = new Chart({ title: "Validation accuracy", x: "epoch", format: (v) => percent(v, 1),
      tick: (v) => `${Number((100 * v).toFixed(1))}%`, top: 1 });
    this.#build(section);
    this.#listen();
  }

  enter(moved) {
    if (moved) this.setup.take(this.studio.query());
    this.lossChart.draw();
    this.accuracyChart.draw();
    this.remember();
  }

  remember() {
    this.studio.remember("train", this.setup.address);
  }

  #build(section) {
    this.start = button("Start", PLAY, () => this.#start(), { class: "main" });
    this.step = button("Step", STEP, () => this.#advance("step"), { title: "One step of every network" });
    this.epoch = button("Epoch", EPOCH, () => this.#advance("epoch"), { title: "One pass over the images" });
    this.stop = button("Stop", STOP, () => this.#command("stop"), { title: "Save, so that it can be resumed" });
    this.again = button("Resume", PLAY, () => this.#command("resume"), { title: "Continue where it was stopped" });
    this.status = h("p.state", { role: "status" });
    this.problem = h("p.problem", { role: "alert" });
    this.racers = h("div.racers", { role: "group", "aria-label": "Networks" });
    this.layerBox = h("div.scroll", { tabindex: 0, role: "region", "aria-label": "Statistics of the layers" });
    this.hints = h("ul.hints");
    this.preview = h("ol.preview");
    this.trained = h("p.note");
    this.end = h("div.end");
    section.append(
      h("header.head", null, h("h1", null, "Train"), this.status),
      h("div.controls", null, this.start, this.step, this.epoch, this.stop, this.again),
      h("div.side", null, this.setup.element, this.knobs.element),
      h("div.stage", null, this.problem, this.setup.byHand, this.racers,
        h("div.charts", null, h("div.card", null, this.lossChart.element), h("div.card", null, this.accuracyChart.element, this.trained)),
        h("div.below", null,
          h("div.card.looks", null, h("h2", null, "Validation digits"), this.preview),
          h("div.card.doctor", null, h("h2", null, "Hints"), h("div.hintbox", { tabindex: 0, role: "region", "aria-label": "Hints" }, this.hints))),
        h("div.card.tablecard", null, h("h2", null, "Layers"), this.layerBox),
        this.end));
    this.#showJob();
    this.#showLayers();
    this.#showPreview();
  }

  #listen() {
    const { socket } = this.studio;
    const ask = () => socket.send("train-open", {});
    socket.on("welcome", ask);
    if (socket.ready) ask();
    socket.on("train-choices", (choices) => this.setup.offer(choices));
    socket.on("composed", ({ networks }) => this.setup.composed(networks));
    socket.on("job", (job) => {
      this.job = job;
      this.chosen = Math.min(this.chosen, Math.max(0, job.racers.length - 1));
      this.#showJob();
    });
    socket.on("curves", (curves) => this.#showCurves(curves));
    socket.on("digits", ({ images, labels }) => {
      this.digits = { images, labels };
      this.#makePreview();
    });
    socket.on("layers", ({ racer, rows, step }) => {
      this.layers[racer] = { rows, step };
      if (racer === this.chosen) this.#showLayers();
    });
    socket.on("preview", ({ racer, ...found }) => {
      this.previews[racer] = found;
      if (racer === this.chosen) this.#showPreview();
    });
  }

  get active() {
    return ACTIVE.includes(this.job.state);
  }

  #start() {
    if (this.job.state === "running") this.#command("pause");
    else if (this.job.state === "paused") this.#command("resume");
    else this.#train(false);
  }

  /** Make one step or epoch; if no training is running, begin one. */
  #advance(command) {
    if (!this.active) this.#train(true);
    this.#command(command);
  }

  #train(paused) {
    this.layers = [];
    this.previews = [];
    this.chosen = 0;
    this.#showCurves({ epochs: [] });
    this.#showLayers();
    this.#showPreview();
    this.studio.socket.send("train", { ...this.setup.message, paused });
  }

  #command(name) {
    this.studio.socket.send(name, {});
  }

  #showJob() {
    const { state, problem, racers } = this.job;
    const begun = racers.length > 0;
    const running = state === "running" || state === "starting";
    this.start.replaceWith(this.start = button(running ? "Pause" : state === "paused" ? "Continue" : "Start",
      running ? PAUSE : PLAY, () => this.#start(), { class: "main", disabled: state === "stopping" }));
    this.step.disabled = this.epoch.disabled = running || state === "stopping";
    this.stop.disabled = !this.active || state === "stopping";
    this.again.hidden = this.active || !racers.some((racer) => ["stopped", "training"].includes(racer.state));
    const done = state === "ended" && racers.every((racer) => racer.state === "finished");
    this.status.textContent = done ? "Finished" : STATES[state];
    this.status.className = `state ${state}`;
    this.problem.textContent = problem;
    this.problem.hidden = !problem;
    this.setup.enable(!this.active);
    this.knobs.show(this.active ? racers[this.chosen] : null);
    this.racers.hidden = !begun;
    this.#showRacers(racers);
    this.#showHints(racers);
    this.#showEnd(racers);
  }

  #showRacers(racers) {
    const focused = [...this.racers.children].indexOf(document.activeElement);
    this.racers.replaceChildren(...racers.map((racer, index) => {
      const { results, state } = racer;
      const progress = racer.step ? `epoch ${racer.epoch}/${racer.epochs} · step ${racer.step.toLocaleString("en")}` : "";
      const words = {
        finished: results?.test ? `test ${percent(results.test.accuracy, 2)}` : "finished",
        stopped: `stopped in ${progress}`, diverged: "diverged", training: progress || "begins",
      };
      return h("button", { type: "button", "aria-pressed": index === this.chosen, onclick: () => this.#choose(index) },
        h(`i.swatch.s${index}`), h("span", null, h("b", null, racer.name),
          h("small", null, words[state] ?? state),
          state === "training" && racer.rate !== undefined ? h("small", null, `learning rate ${Number(racer.rate.toPrecision(2))}`) : null),
        h(`progress.s${index}`, { max: racer.total ?? 1, value: state === "finished" ? racer.total : racer.step ?? 0, "aria-label": `Progress of ${racer.name}` }));
    }));
    this.racers.children[focused]?.focus({ preventScroll: true });
  }

  #choose(index) {
    this.chosen = index;
    this.#showJob();
    this.#showLayers();
    this.#showPreview();
  }

  #showCurves({ epochs, ...curves }) {
    const { racers } = this.job;
    const name = (index) => racers[index]?.name ?? `network ${index + 1}`;
    this.lossChart.show(epochs.map((_, index) => ({
      name: name(index), index, x: curves[`steps${index}`].values, y: curves[`losses${index}`].values,
    })));
    this.accuracyChart.options.least = Math.max(1, ...racers.map((racer) => racer.epochs ?? 1));
    const without = []; // networks without validation images
    this.accuracyChart.show(epochs.map((records, index) => {
      const validated = !records.length || records.some((record) => record.validation_accuracy !== undefined);
      if (!validated) without.push(name(index));
      const key = validated ? "validation_accuracy" : "train_accuracy";
      return {
        name: name(index), index, dots: true,
        x: records.map((record) => record.epoch), y: records.map((record) => record[key]),
      };
    }));
    this.trained.textContent = without.length ? `${without.join(", ")}: accuracy on the training images, since no images are held out.` : "";
  }

  #showLayers() {
    this.layerBox.replaceChildren(layerTable(this.layers[this.chosen]));
  }

  #showHints(racers) {
    const found = racers.flatMap(({ hints, state }, index) => hints.map((hint) => [index, hint, state === "diverged"]))
      .sort((a, b) => b[2] - a[2]);
    const words = racers.length ? "Nothing unusual." : "Hints appear here if something looks unusual while the network learns.";
    this.hints.replaceChildren(...(found.length ? found.map(([index, hint]) =>
      h("li", null, h(`i.swatch.s${index}`), hint)) : [h("li.note", null, words)]));
  }

  #makePreview() {
    const { images, labels } = this.digits;
    this.cells = labels.map((label, index) => {
      const canvas = digitCanvas(`Digit ${label}`);
      paintDigit(canvas, images.values.subarray(784 * index, 784 * (index + 1)));
      const answer = h("b");
      return { item: h("li", null, canvas, answer), answer, label };
    });
    this.preview.replaceChildren(...this.cells.map(({ item }) => item));
    this.#showPreview();
  }

  #showPreview() {
    const found = this.previews[this.chosen];
    if (!this.cells) {
      this.preview.replaceChildren(h("li.note", null, "Some digits that the network does not learn from, and what it takes them for."));
      return;
    }
    this.cells.forEach(({ item, answer, label }, index) => {
      const digit = found?.digits[index];
      item.className = digit === undefined ? "" : digit === label ? "right" : "wrong";
      answer.textContent = digit ?? "";
      if (digit !== undefined) item.title = `Digit ${label}, taken for ${digit} with ${percent(found.confidence[index])}`;
    });
  }

  #showEnd(racers) {
    const done = racers.filter((racer) => racer.state === "finished");
    this.end.hidden = !done.length;
    this.end.replaceChildren(...done.map((racer) => h("details.card", null,
      h("summary", null, `${racer.name}: the result is in ${racer.folder}`),
      h("p", null, "The same training, with all changes at the same steps, gives the same bits:"),
      h("pre", { tabindex: 0 }, racer.command),
      h("p", null, h("a", { href: `/draw?model=${encodeURIComponent(`${racer.name} (${racer.folder})`)}` }, "Draw digits for this network")))));
  }
}
