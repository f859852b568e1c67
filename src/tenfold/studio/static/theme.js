// Before the page is painted: the theme and the size that were chosen last time.
(() => {
  const root = document.documentElement;
  let stored = {};
  try {
    stored = JSON.parse(localStorage.getItem("tenfold-page") ?? "{}") ?? {};
  } catch {
    // storage is switched off: the page begins with the theme of the system
  }
  if (stored.theme === "light" || stored.theme === "dark") root.dataset.theme = stored.theme;
  if (stored.presenter === true) root.dataset.presenter = "";
})();
