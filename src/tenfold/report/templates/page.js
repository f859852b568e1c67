(() => {
  const root = document.documentElement, button = document.getElementById("theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  button.hidden = false;
  button.addEventListener("click", () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
  });
  for (const enlarge of document.querySelectorAll(".enlarge")) {
    enlarge.hidden = false;
    enlarge.addEventListener("click", () => {
      const full = enlarge.closest(".wide").classList.toggle("full");
      enlarge.setAttribute("aria-pressed", full);
    });
  }
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach(details => { details.open = true; });
  });
  addEventListener("afterprint", () => {
    closed.forEach(details => { details.open = false; });
  });
})();
