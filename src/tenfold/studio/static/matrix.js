// The confusion matrix as a table whose cells are buttons. The Tab key reaches one of them; arrow keys
// move to the others.

import { h } from "./dom.js";

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -9], End: [0, 9] };
const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

export class Matrix {
  /** onpick is called with the true digit and the answer of a cell. */
  constructor(onpick) {
    this.at = [0, 0];
    this.cells = DIGITS.map((row) => DIGITS.map((column) => h("button", {
      type: "button", tabindex: -1, class: row === column ? "right" : "", onclick: () => onpick(row, column),
      onkeydown: (event) => this.#key(event, row, column), onfocus: () => this.#place(row, column),
    })));
    this.#place(0, 0);
    this.element = h("table.matrix", null, h("caption.unseen", null, "Confusion matrix: a row for each digit, a column for each answer"),
      h("thead", null,
        h("tr", null, h("td"), h("th.axis", { colspan: 10, scope: "colgroup" }, "the network's answer")),
        h("tr", null, h("th.axis", { scope: "col" }, "digit"), DIGITS.map((digit) => h("th", { scope: "col" }, String(digit))))),
      h("tbody", null, DIGITS.map((row) => h("tr", null, h("th", { scope: "row" }, String(row)),
        this.cells[row].map((cell) => h("td", null, cell))))));
  }

  /** Show counts, and which cell is open; null for none. */
  show(counts, open) {
    const largest = Math.max(1, ...counts.flatMap((row, i) => row.filter((_, j) => i !== j)));
    DIGITS.forEach((row) => DIGITS.forEach((column) => {
      const cell = this.cells[row][column];
      const count = counts[row][column];
      const total = Math.max(1, counts[row].reduce((a, b) => a + b, 0));
      cell.textContent = count || "";
      cell.classList.toggle("long", count >= 1000);
      cell.setAttribute("aria-label", `${count.toLocaleString("en")} ${count === 1 ? "image" : "images"} of digit ${row} taken for ${column}`);
      cell.setAttribute("aria-pressed", Boolean(open) && open[0] === row && open[1] === column);
      const share = row === column ? count / total : Math.sqrt(count / largest);
      cell.style.setProperty("--share", `${(count ? 6 + 34 * share : 0).toFixed(0)}%`);
    }));
  }

  #place(row, column) {
    this.cells[this.at[0]][this.at[1]].tabIndex = -1;
    this.at = [row, column];
    this.cells[row][column].tabIndex = 0;
  }

  #key(event, row, column) {
    if (!MOVES[event.key]) return;
    event.preventDefault();
    const within = (value) => Math.max(0, Math.min(9, value));
    const [down, right] = MOVES[event.key];
    this.cells[within(row + down)][within(column + right)].focus();
  }
}
