// Read: a picture, the digits in it, and the exact image of each.

import { digitCanvas, paintDigit } from "../digit.js";
import { button, h, probability, s, withArticle } from "../dom.js";
import { unpack } from "../socket.js";

const MOST = 20 * 2 ** 20; // bytes, as on the server
const OPEN = "M4 19V6h6l2 2h8v11zM12 17v-5M9.5 14l2.5-2.5 2.5 2.5";
const CAMERA = "M4 8h4l2-3h4l2 3h4v11H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7";
const PAGE = "M6 3h9l4 4v14H6zM9 12h7M9 16h7";
const PROMPT = "Choose or drop a picture, or paste one: a photo, a scan, a drawing. It stays on the machine that runs the studio.";
const VERDICTS = { digits: ["accepted", "All digits are accepted"], unsure: ["unsure", "Some digits are unsure"], none: ["none", "No digits were found"] };

export const open = (section, studio) => new Read(section, studio);

/** The y of the baseline of a digit's label: above the box, or below it if there is no room above, or else
 * inside it, so that the border of the picture does not cut off the label. */
function labelBase(top, tall, size, height) {
  if (top >= 0.95 * size) return top - 0.15 * size;
  const below = top + tall + 0.9 * size;
  return below <= height ? below : top + 0.9 * size;
}

class Read {
  constructor(section, studio) {
    this.studio = studio;
    this.turn = 0; // number of pictures that were chosen so far
    this.chosen = 0;
    this.#build(section);
    this.#listen(section);
  }

  enter() {
    const number = this.studio.query().get("example");
    if (number !== null && Number(number) !== this.example) this.#ask(Number(number));
    else this.#remember();
  }

  #build(section) {
    const input = (attributes) => h("input", { type: "file", accept: "image/*", hidden: true, onchange: ({ target }) => {
      if (target.files.length) this.read(target.files[0]);
      target.value = ""; // so that the same file can be chosen again
    }, ...attributes });
    const file = input({ id: "picture-file" });
    const camera = input({ id: "picture-camera", capture: "environment" });
    this.status = h("p.state", { role: "status" });
    this.image = h("img", { alt: "The picture", hidden: true });
    this.canvas = h("canvas", { role: "img", "aria-label": "The page", hidden: true });
    this.boxes = s("svg", { class: "boxes", "aria-hidden": "true" });
    this.prompt = h("p.place", null, PROMPT);
    this.stage = h("div.picture", null, this.image, this.canvas, this.boxes, this.prompt);
    this.numbers = h("ol.numbers", { "aria-live": "polite" });
    this.verdict = h("p.verdict");
    this.warnings = h("ul.words");
    this.digits = h("ol.found");
    this.detail = h("div.one");
    section.append(
      h("header.head", null, h("h1", null, "Read"), this.status,
        button("Choose a picture", OPEN, () => file.click(), { class: "main" }),
        button("Photograph", CAMERA, () => camera.click(), { class: "camera" }),
        button("Example", PAGE, () => this.#ask(Math.floor(Math.random() * 1000)), { title: "A generated page of handwriting" }),
        file, camera),
      h("div.card.scene", null, this.stage),
      h("div.card.result", null, h("h2", null, "What is read"), this.numbers, this.verdict, this.warnings),
      h("div.card.single", null, h("h2", null, "One digit"), this.detail),
      h("div.card.all", null, h("h2", null, "All digits, as the network gets them"), this.digits));
    this.#say("");
    this.show(null);
  }

  #listen(section) {
    const { socket } = this.studio;
    socket.on("welcome", () => this.enter());
    socket.on("example", (found) => this.#showExample(found));
    socket.on("refused", ({ about }) => about === "example" && this.#say(""));
    section.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.stage.classList.add("over");
    });
    section.addEventListener("dragleave", () => this.stage.classList.remove("over"));
    section.addEventListener("drop", (event) => {
      event.preventDefault();
      this.stage.classList.remove("over");
      if (event.dataTransfer.files.length) this.read(event.dataTransfer.files[0]);
    });
    addEventListener("paste", ({ clipboardData }) => {
      if (!section.hidden && clipboardData?.files.length) this.read(clipboardData.files[0]);
    });
    this.image.addEventListener("error", () => {
      this.prompt.textContent = "The browser cannot show this kind of picture. The result is shown anyway.";
      this.prompt.hidden = false;
      this.image.hidden = true;
    });
  }

  /** Send a picture file, and show it meanwhile. */
  async read(file) {
    const turn = ++this.turn;
    this.example = undefined;
    this.#remember();
    if (file.size > MOST) {
      this.studio.toast(`A picture must have at most 20 MB; this one has ${(file.size / 2 ** 20).toFixed(0)} MB.`);
      return;
    }
    this.#say("Reading…");
    this.show(null);
    this.#showFile(file);
    try {
      const response = await fetch("/read/upload", { method: "POST", body: file });
      if (turn !== this.turn) return;
      if (!response.ok) throw new Error(await response.text());
      this.show(unpack(await response.arrayBuffer()));
    } catch (error) {
      if (turn === this.turn) this.studio.toast(error.message || "The server does not answer.");
    }
    if (turn === this.turn) this.#say("");
  }

  #ask(number) {
    this.turn += 1;
    if (this.studio.socket.send("example", { number })) this.#say("Reading…");
  }

  #say(words) {
    this.status.textContent = words;
    this.status.hidden = !words;
  }

  #showFile(file) {
    URL.revokeObjectURL(this.image.src);
    this.image.src = URL.createObjectURL(file);
    this.image.hidden = false;
    this.canvas.hidden = true;
    this.prompt.hidden = true;
  }

  #showExample(found) {
    const { picture, number, written } = found;
    this.example = number;
    this.#say("");
    const [height, width] = picture.shape;
    this.canvas.width = width;
    this.canvas.height = height;
    const image = new ImageData(width, height);
    for (let i = 0, j = 0; i < picture.values.length; i += 3, j += 4) {
      image.data.set([picture.values[i], picture.values[i + 1], picture.values[i + 2], 255], j);
    }
    this.canvas.getContext("2d").putImageData(image, 0, 0);
    this.canvas.hidden = false;
    this.image.hidden = this.prompt.hidden = true;
    this.show(found);
    const same = written.join("|") === found.lines.join("|");
    this.warnings.append(h("li", null, written.length
      ? `Written on this page: ${written.join(", ")}. ${same ? "All of it was read." : "The reading differs."}`
      : `No digits are written on this page.`));
    this.#remember();
  }

  /** Show a reading, or that there is none. */
  show(found) {
    this.found = found;
    this.chosen = 0;
    this.items = [];
    const [kind, words] = VERDICTS[found?.verdict] ?? ["", "Nothing read yet"];
    this.verdict.className = `verdict ${kind}`;
    this.verdict.textContent = words;
    this.numbers.replaceChildren(...(found?.lines ?? []).map((line, index) => h("li", null, h("b", null, line),
      h("span", null, probability(found.confidences[index])))));
    this.warnings.replaceChildren(...(found?.warnings ?? []).map((warning) => h("li", null, warning)));
    this.#showDigits(found?.digits ?? []);
    this.#drawBoxes(found);
    this.#choose(0);
  }

  #pixels(index) {
    return this.found.images.values.subarray(784 * index, 784 * (index + 1));
  }

  #showDigits(digits) {
    this.items = digits.map(({ digit, confidence, unsure }, index) => {
      const canvas = digitCanvas("");
      paintDigit(canvas, this.#pixels(index));
      return h("button", { type: "button", class: unsure ? "unsure" : "", onclick: () => this.#choose(index) }, canvas,
        h("b", null, String(digit)), h("small", null, probability(confidence)), h("span.unseen", null, unsure ? "unsure" : ""));
    });
    const empty = h("li.note", null, "Each digit is cut out, scaled to 20 pixels, and centred by its mass, as MNIST's digits were.");
    this.digits.replaceChildren(...(digits.length ? this.items.map((item) => h("li", null, item)) : [empty]));
  }

  #drawBoxes(found) {
    this.boxes.replaceChildren();
    if (!found) return;
    const [width, height] = found.size;
    this.boxes.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const readable = 12 * width / (this.stage.clientWidth || width); // 12 pixels on the screen
    this.rects = found.digits.map(({ box: [x, y, w, d], digit, unsure }, index) => {
      const size = Math.max(0.6 * d, readable);
      return s("g", { class: unsure ? "unsure" : "", onclick: () => this.#choose(index) },
        s("rect", { x, y, width: w, height: d, "vector-effect": "non-scaling-stroke" }),
        s("text", { x: x + w / 2, y: labelBase(y, d, size, height), "font-size": size }, String(digit)));
    });
    this.boxes.append(...this.rects);
  }

  #choose(index) {
    this.chosen = index;
    const digit = this.found?.digits[index];
    this.items.forEach((item, at) => item.setAttribute("aria-pressed", at === index));
    this.rects?.forEach((rect, at) => rect.classList.toggle("chosen", at === index));
    if (!digit) {
      this.detail.replaceChildren(h("p.note", null, this.found ? "There is no digit." : "Choose a digit to see it large."));
      return;
    }
    const canvas = digitCanvas(`The image of ${withArticle(digit.digit)}`, "canvas.digit.large");
    paintDigit(canvas, this.#pixels(index));
    const [x, y, w, d] = digit.box;
    const words = [`${digit.unsure ? "Unsure: " : ""}${digit.digit} with ${probability(digit.confidence)}`,
      `Line ${digit.line + 1}, ${w} × ${d} pixels, ${x} from the left and ${y} from the top`,
      ...digit.remarks];
    this.detail.replaceChildren(canvas, h("ul.words", null, words.map((word) => h("li", null, word))));
  }

  #remember() {
    this.studio.remember("read", { example: this.example ?? "" });
  }
}
