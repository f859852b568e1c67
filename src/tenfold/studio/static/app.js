// The frame of the page: navigation, theme, presenter mode, and the connection.

import { h } from "./dom.js";
import { Socket } from "./socket.js";
import { Tour } from "./tour.js";

const root = document.documentElement;
const main = document.getElementById("main");
const links = [...document.querySelectorAll("nav a")];
const opened = new Map();
let current = null;

const socket = new Socket((connected) => {
  const status = document.getElementById("status");
  status.textContent = connected ? "" : "The server does not answer. Trying again…";
  root.classList.toggle("offline", !connected);
});

/** What a view can use. */
const studio = {
  socket,
  query: () => new URLSearchParams(location.search),
  /** Put the state of a view into the address: settings in the query, ink in the fragment. */
  remember(name, settings, fragment = "") {
    if (name !== current) return;
    const kept = Object.entries(settings).filter(([, value]) => value !== null && value !== "");
    const query = new URLSearchParams(kept).toString();
    const address = `/${name}${query ? `?${query}` : ""}${fragment ? `#${fragment}` : ""}`;
    opened.get(name).address = address;
    history.replaceState(null, "", tour.mark(address));
    links.find((link) => link.dataset.view === name)?.setAttribute("href", address);
  },
  /** Show a sentence for some seconds. */
  toast(text) {
    const note = h("p.toast", { role: "alert" }, text);
    document.querySelector(".toast")?.remove();
    document.body.append(note);
    setTimeout(() => note.remove(), 6000);
  },
  /** Open the view of an address; replaces: the address takes the place of the current one in the history. */
  show(address, replaces = false) {
    history[replaces ? "replaceState" : "pushState"](null, "", tour.mark(address));
    return show();
  },
};
const tour = studio.tour = new Tour(studio);

async function show() {
  const name = location.pathname.slice(1) || links[0].dataset.view;
  current = name;
  if (name === "learn") tour.read();
  for (const link of links) {
    const here = link.dataset.view === name;
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    if (here) document.title = `${link.textContent} · tenfold studio`;
  }
  const known = opened.has(name);
  if (!known) {
    const section = h(`section.view.${name}`);
    main.append(section);
    opened.set(name, { section });
    const module = await import(`./views/${name}.js`);
    opened.get(name).view = module.open(section, studio);
    if (name !== current) { // another view was opened meanwhile
      section.hidden = true;
      return;
    }
  }
  for (const [other, { section, view }] of opened) {
    section.hidden = other !== name;
    if (other !== name) view?.leave?.();
  }
  const { view, address } = opened.get(name);
  view?.enter?.(known && address !== tour.plain());
  root.dataset.view = name;
  tour.show();
}

/** Show the view and the tour of the current address, such as after "Back" in the browser. */
function arrive() {
  tour.read();
  return show();
}

function store(change) {
  const page = { theme: root.dataset.theme, presenter: "presenter" in root.dataset, ...change };
  try {
    localStorage.setItem("tenfold-page", JSON.stringify(page));
  } catch {
    // storage is switched off: the choice holds until the page is closed
  }
}

function isDark() {
  const system = matchMedia("(prefers-color-scheme: dark)").matches;
  return root.dataset.theme ? root.dataset.theme === "dark" : system;
}

document.getElementById("theme").addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  store({});
  dispatchEvent(new Event("themechange"));
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  dispatchEvent(new Event("themechange"));
});

const presenter = document.getElementById("presenter");
presenter.setAttribute("aria-pressed", "presenter" in root.dataset);
presenter.addEventListener("click", () => {
  const on = root.toggleAttribute("data-presenter");
  presenter.setAttribute("aria-pressed", on);
  store({});
  dispatchEvent(new Event("resize"));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='/']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  studio.show(link.getAttribute("href"));
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the fragment of the address contains ink
  main.focus();
});
addEventListener("popstate", arrive);
socket.on("refused", ({ why }) => studio.toast(`This was not possible: ${why}`));
main.querySelector("noscript")?.remove();
arrive();
