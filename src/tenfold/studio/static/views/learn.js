// Learn: the tours that can be taken.

import { h } from "../dom.js";

export const open = (section, studio) => new Learn(section, studio);

class Learn {
  constructor(section, studio) {
    this.studio = studio;
    this.list = h("ol.tours");
    section.append(
      h("header.head", null, h("h1", null, "Learn")),
      h("p.intro", null, "Each tour leads through the studio step by step, and shows one thing with real networks."),
      this.list);
    studio.tour.ready.then(() => this.enter());
  }

  enter() {
    this.list.replaceChildren(...[...this.studio.tour.tours?.values() ?? []].map((tour) => this.#card(tour)));
  }

  #card({ name, title, question, minutes, steps }) {
    const seen = Math.min(this.studio.tour.seen(name), steps.length);
    const begun = seen > 0 && seen < steps.length;
    const link = (words, step, kind) => h(`a.${kind}`, { href: `/learn?tour=${name}&step=${step}`, "aria-label": `${words}: ${title}` }, words);
    return h("li.card", null, h("img", { src: `/static/tours/${name}.svg`, alt: "" }), h("h2", null, title), h("p", null, question),
      h("p.note", null, `${steps.length} steps, about ${minutes} minutes${seen === steps.length ? ". You have seen it." : ""}`),
      h("p.row", null, begun ? link(`Continue with step ${seen}`, seen, "go") : null,
        begun ? link("Start again", 1, "again") : link("Start", 1, "go")));
  }
}
