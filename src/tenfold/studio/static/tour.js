// Tours: a panel that leads through the views step by step. The server sends the steps as data.

import { button, h } from "./dom.js";

const SEEN = "tenfold-tours";
const OFTEN = 250; // milliseconds between two looks at the view
const SETTLING = 10; // looks after which the layout of a view is taken to be final

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const pathOf = (address) => address.split(/[?#]/)[0];

export class Tour {
  #name = null; // of the tour; null if there is none
  #at = 0; // number of the step, from 0
  #looks = 0; // number of looks since the step began, or since its condition was met
  #done = true; // whether the condition of the step is met
  #target = null; // the outlined element

  constructor(studio) {
    this.studio = studio;
    this.ready = new Promise((resolve) => studio.socket.on("tours", ({ tours }) => {
      this.tours ??= new Map(tours.map((tour) => [tour.name, tour]));
      resolve(tours);
    }));
    studio.socket.on("welcome", () => this.tours || studio.socket.send("learn-open", {}));
    this.#build();
    this.ready.then(() => this.show());
  }

  /** The address of the page without the tour. */
  plain() {
    const query = this.studio.query();
    query.delete("tour");
    query.delete("step");
    const text = query.toString();
    return location.pathname + (text ? `?${text}` : "") + location.hash;
  }

  /** An address of a view with the tour that leads through it. */
  mark(address) {
    if (!this.#name || pathOf(address) === "/learn") return address;
    const [, path, query, ink] = /^([^?#]*)\??([^#]*)(.*)$/.exec(address);
    return `${path}?${query}${query ? "&" : ""}tour=${this.#name}&step=${this.#at + 1}${ink}`;
  }

  /** Take tour and step from the address of the page. */
  read() {
    const query = this.studio.query();
    const [name, at] = [query.get("tour"), Math.max(0, Math.round(Number(query.get("step") ?? 1)) - 1 || 0)];
    [this.#name, this.#at, this.#looks] = [name, at, 0];
  }

  get #stored() {
    try {
      return JSON.parse(localStorage.getItem(SEEN)) ?? {};
    } catch {
      return {}; // storage is switched off, or contains something else
    }
  }

  /** The number of the last step of a tour that was seen; 0 if there is none. */
  seen(name) {
    return Number(this.#stored[name]) || 0;
  }

  #store() {
    try {
      localStorage.setItem(SEEN, JSON.stringify({ ...this.#stored, [this.#name]: this.#at + 1 }));
    } catch {
      // storage is switched off: the view Learn does not show how far the tours were followed
    }
  }

  get #tour() {
    return this.tours?.get(this.#name);
  }

  get #step() {
    return this.#tour?.steps[this.#at];
  }

  get #here() {
    return location.pathname === pathOf(this.#step.address);
  }

  #build() {
    this.progress = h("p.note");
    this.title = h("h2");
    this.text = h("div.text");
    this.formula = h("div.formula", { "aria-live": "polite" });
    this.status = h("p.until", { role: "status" });
    this.back = button("Back", "M15 5l-7 7 7 7", () => this.#go(this.#at - 1));
    this.next = button("Next", null, () => this.#go(this.#at + 1));
    this.there = button("Show", null, () => this.#visit(), { title: "Go to the outlined part" });
    this.end = button("End tour", null, () => this.#end());
    this.element = h("aside.tour", { "aria-label": "Tour", hidden: true },
      h("div.guide", null, h("div.says", { "aria-live": "polite" }, this.progress, this.title, this.text),
        h("div.does", null, this.formula, this.status, h("div.row", null, this.end, this.there, h("span.push"), this.back, this.next))));
    document.body.append(this.element);
    new ResizeObserver(() => { // the style sheet leaves this much room below the view
      document.documentElement.style.setProperty("--covered", `${this.element.offsetHeight}px`);
    }).observe(this.element);
    addEventListener("keydown", ({ key, defaultPrevented }) => key === "Escape" && !defaultPrevented && this.next.focus());
    for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      addEventListener(kind, () => { this.#looks = SETTLING; }, { passive: true });
    }
  }

  /** Show the step, if there is one. Called when a view was entered, and when the tours have arrived. */
  show() {
    if (this.tours && !this.#tour) this.#name = null;
    this.#at = Math.min(this.#at, (this.#tour?.steps.length ?? Infinity) - 1);
    const step = this.#step;
    this.element.hidden = !step;
    clearInterval(this.timer);
    this.#outline(null);
    if (!step) return;
    if (location.pathname === "/learn") {
      this.studio.show(step.address, true);
      return;
    }
    const { title, steps } = this.#tour;
    const last = this.#at === steps.length - 1;
    this.progress.textContent = `${title} · ${this.#at + 1} of ${steps.length}`;
    this.title.textContent = step.title;
    this.text.replaceChildren(...step.text.map((part) => h("p", null, part)));
    this.formula.replaceChildren(...step.formula.map((line) => h("p.rule", null, line)));
    this.back.disabled = this.#at === 0;
    this.next.querySelector(".label").textContent = last ? "Finish" : "Next";
    this.#store();
    this.#look();
    this.timer = setInterval(() => this.#look(), OFTEN);
  }

  /** Outline the part that the step is about, and see whether its condition is met. */
  #look() {
    const { focus, until, impossible_if: impossible } = this.#step;
    const here = this.#here;
    const section = here ? document.querySelector(".view:not([hidden])") : null;
    const met = ({ selector, count }) => section !== null && section.querySelectorAll(selector).length >= count;
    const done = until === null || met(until);
    if (done !== this.#done) this.#looks = 0; // the part to outline may have moved
    this.#done = done;
    const target = section?.querySelector(focus) ?? null;
    if (target !== this.#target) this.#outline(target);
    if (target?.checkVisibility() && this.#looks < SETTLING) {
      this.#looks += 1;
      target.scrollIntoView({ block: "nearest", behavior: still() ? "instant" : "smooth" });
    }
    const words = !here ? "This step is about another view: choose Show."
      : impossible && met(impossible) ? impossible.words
      : until ? `${done ? "Done:" : "Go on when"} ${until.words}.` : "";
    if (this.status.textContent !== words) this.status.textContent = words;
    this.status.classList.toggle("done", done && here);
    this.next.classList.toggle("main", done && here);
    this.there.classList.toggle("main", !here);
  }

  #outline(element) {
    this.#target?.removeAttribute("data-outlined");
    element?.setAttribute("data-outlined", "");
    this.#target = element;
  }

  /** Go to a step. A view whose address is the same in both steps stays as it is. */
  #go(at) {
    const { steps } = this.#tour;
    if (at >= steps.length) {
      this.studio.show("/learn");
      return;
    }
    const stays = this.#here && steps[at].address === this.#step.address;
    this.#at = at;
    this.#looks = 0;
    if (!stays) {
      this.studio.show(steps[at].address);
      return;
    }
    history.pushState(null, "", this.mark(this.plain()));
    this.show();
  }

  /** Scroll to the part that the step is about, and move the keyboard focus there. */
  async #visit() {
    if (!this.#here) await this.studio.show(this.#step.address);
    this.#look();
    const target = this.#target;
    if (!target) return;
    target.scrollIntoView({ block: "nearest" });
    (target.querySelector("a[href], button:not(:disabled), input, select, [tabindex='0']") ?? target).focus({ preventScroll: true });
  }

  #end() {
    const address = this.plain();
    this.#name = null;
    history.replaceState(null, "", address);
    this.show();
    document.getElementById("main").focus();
  }
}
