// The page: strokes by pointer or keyboard, the image of their ink, and the answer.

const find = id => document.getElementById(id);
const paper = find("paper"), side = paper.width, hidden = document.createElement("canvas");
const { size, box } = model.preprocessing, WIDTH = 22, STEP = 7;
let strokes = [], drawing = false, cursor = null, waiting = 0;
hidden.width = hidden.height = side;

function paint(context, colour) {
  context.clearRect(0, 0, side, side);
  context.lineWidth = WIDTH;
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = colour;
  for (const [first, ...rest] of strokes) {
    context.beginPath();
    context.moveTo(...first);
    for (const point of rest.length ? rest : [first]) context.lineTo(...point);
    context.stroke();
  }
}

function inkOf() {
  const context = hidden.getContext("2d", { willReadFrequently: true });
  paint(context, "#000");
  return context.getImageData(0, 0, side, side).data.filter((_, i) => i % 4 === 3); // alpha
}

function show() {
  const context = paper.getContext("2d");
  paint(context, getComputedStyle(paper).color);
  if (!strokes.length && !cursor) {
    context.fillStyle = getComputedStyle(find("prepared")).color;
    context.font = "14px system-ui, sans-serif";
    context.textAlign = "center";
    context.fillText("Draw one digit here", side / 2, side / 2);
  }
  if (cursor && document.activeElement === paper) {
    const [x, y] = cursor;
    context.lineWidth = 2;
    context.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue(drawing ? "--best" : "--bar");
    context.strokeRect(x - 12, y - 12, 24, 24);
  }
  if (!waiting) waiting = setTimeout(answer, 60);
}

function answer() {
  waiting = 0;
  const image = normalizeInk(inkOf(), side, side, size, box);
  showImage(image);
  const found = predict(model, image);
  const percent = p => (p < 0.9995 ? `${(100 * p).toFixed(1)}%` : ">99.9%");
  [...find("rows").rows].forEach((row, index) => {
    const p = found.blank ? 0 : found.probabilities[index];
    row.className = !found.blank && index === found.digit ? "best" : "";
    row.querySelector(".bar").style.setProperty("--share", p);
    row.querySelector("span").textContent = percent(p);
  });
  const name = found.blank ? "–" : model.classes[found.digit];
  find("digit").textContent = name;
  find("digit").classList.toggle("long", name.length > 2);
  const sure = `${percent(Math.max(...found.probabilities))} certain`;
  find("certainty").textContent =
    found.blank ? "Nothing drawn yet" : found.unsure ? `Unsure: only ${sure}` : sure;
}

function showImage(image) {
  const context = find("image").getContext("2d", { willReadFrequently: true }); // in main memory
  const pixels = context.createImageData(size, size);
  image.forEach((value, i) => pixels.data.set([value, value, value, 255], 4 * i));
  context.putImageData(pixels, 0, 0);
}

function positionOf(event) {
  const area = paper.getBoundingClientRect(), scale = side / paper.clientWidth;
  return [(event.clientX - area.left) * scale, (event.clientY - area.top) * scale];
}

paper.addEventListener("pointerdown", event => {
  if (event.button) return;
  paper.setPointerCapture(event.pointerId);
  [drawing, cursor] = [true, null];
  strokes.push([positionOf(event)]);
  show();
});
paper.addEventListener("pointermove", event => {
  if (!drawing || cursor) return;
  strokes.at(-1).push(...(event.getCoalescedEvents?.() ?? [event]).map(positionOf));
  show();
});
for (const name of ["pointerup", "pointercancel"]) {
  paper.addEventListener(name, () => { if (!cursor) drawing = false; });
}

const MOVES = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
function press(key) {
  cursor ??= [side / 2, side / 2];
  if (MOVES[key]) {
    cursor = cursor.map((value, axis) => Math.max(0, Math.min(side, value + STEP * MOVES[key][axis])));
    if (drawing) strokes.at(-1).push(cursor);
  } else if (key === " " || key === "Enter") {
    drawing = !drawing;
    if (drawing) strokes.push([cursor]);
  } else if (key === "Backspace") undo();
  else if (key === "Delete") clear();
  else return false;
  return true;
}
paper.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey || !press(event.key)) return;
  event.preventDefault();
  show();
});
paper.addEventListener("focus", () => { if (!strokes.length) cursor = [side / 2, side / 2]; show(); });
paper.addEventListener("blur", () => { [drawing, cursor] = [false, null]; show(); });

function undo() {
  strokes.pop();
  drawing = false;
}
function clear() {
  strokes = [];
  drawing = false;
}
find("undo").addEventListener("click", () => { undo(); show(); });
find("clear").addEventListener("click", () => { clear(); show(); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);

model.classes.forEach(name => {
  const row = find("rows").insertRow(), head = document.createElement("th");
  head.scope = "row";
  head.textContent = name;
  row.append(head);
  row.insertCell().innerHTML = '<div><div class="bar"></div><span>0.0%</span></div>';
});
find("image").width = find("image").height = size;
find("prepared").textContent = `The ink is scaled to ${box} x ${box} pixels and moved so that its ` +
  `centre of mass is in the middle of ${size} x ${size} pixels, as in the training images.`;
find("described").textContent = model.description;
model.layers.forEach(text => { find("steps").appendChild(document.createElement("li")).textContent = text; });
show();
