// Images of 28 x 28 pixels on a canvas, as the network gets them: white ink on black.

import { h } from "./dom.js";

const SIDE = 28;

/** A canvas for one image; without a label it only illustrates the text beside it. */
export function digitCanvas(label, tag = "canvas.digit") {
  const words = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  return h(tag, { width: SIDE, height: SIDE, ...words });
}

/** Paint 784 grey levels, or black without any. */
export function paintDigit(canvas, pixels) {
  const image = new ImageData(SIDE, SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const value = pixels ? pixels[i] : 0;
    image.data.set([value, value, value, 255], 4 * i);
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** The image as a PNG file. */
export const png = (canvas) => new Promise((resolve) => canvas.toBlob(resolve, "image/png"));

/** Rows of Kaggle's train.csv: label, pixel0, ..., pixel783. */
export function kaggleCsv(digits) {
  const head = ["label", ...Array.from({ length: SIDE * SIDE }, (_, i) => `pixel${i}`)];
  const rows = digits.map(({ label, pixels }) => [label, ...pixels]);
  return [head, ...rows].map((row) => row.join(",")).join("\n") + "\n";
}
