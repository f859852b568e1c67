// The normalisation of MNIST: from ink of any size to the image that the network reads.

/** Return the ink (H, W) as an image (size, size), as normalize in tenfold.images.normalization does. */
function normalizeInk(ink, height, width, size, box) {
  const image = new Uint8Array(size * size), found = boundingBox(ink, height, width);
  if (!found) return image;
  const small = toBytes(resampled(squareOf(ink, width, found), box));
  const profile = axis => {
    const sums = new Float64Array(box);
    small.forEach((value, i) => { sums[axis ? i % box : Math.floor(i / box)] += value; });
    return sums;
  };
  const top = offsetOf(profile(0), size), left = offsetOf(profile(1), size);
  small.forEach((value, i) => {
    const p = Math.floor(i / box) + top, q = (i % box) + left;
    if (p >= 0 && p < size && q >= 0 && q < size) image[p * size + q] = value;
  });
  return image;
}

/** Return the smallest rectangle that contains all ink; null if there is none. */
function boundingBox(ink, height, width) {
  const box = { top: height, bottom: -1, left: width, right: -1 };
  ink.forEach((value, i) => {
    if (!value) return;
    const p = Math.floor(i / width), q = i % width;
    box.top = Math.min(box.top, p);
    box.bottom = Math.max(box.bottom, p);
    box.left = Math.min(box.left, q);
    box.right = Math.max(box.right, q);
  });
  return box.bottom < 0 ? null : box;
}

/** Return the ink, with a peak of 1, in the middle of a square of at least 10 x 10. */
function squareOf(ink, width, { top, bottom, left, right }) {
  const rows = bottom - top + 1, columns = right - left + 1, side = Math.max(rows, columns, 10);
  const values = new Float64Array(side * side), peak = ink.reduce((a, b) => Math.max(a, b));
  const down = Math.floor((side - rows) / 2), across = Math.floor((side - columns) / 2);
  for (let p = 0; p < rows; p++) {
    for (let q = 0; q < columns; q++) {
      values[(p + down) * side + q + across] = ink[(p + top) * width + q + left] / peak;
    }
  }
  return { values, side };
}

/** Return R X R^T, the area average of the square X in box x box cells. */
function resampled({ values, side }, box) {
  const shares = [];
  for (let cell = 0; cell < box; cell++) {
    const low = (cell * side) / box, high = ((cell + 1) * side) / box, row = [];
    for (let a = Math.floor(low); a < Math.min(side, Math.ceil(high)); a++) {
      row.push([a, Math.max(Math.min(high, a + 1) - Math.max(low, a), 0) * (box / side)]);
    }
    shares.push(row);
  }
  const half = new Float64Array(box * side), result = new Float64Array(box * box);
  shares.forEach((row, i) => {
    for (let q = 0; q < side; q++) {
      for (const [a, share] of row) half[i * side + q] += share * values[a * side + q];
    }
  });
  for (let i = 0; i < box; i++) {
    shares.forEach((row, j) => {
      for (const [a, share] of row) result[i * box + j] += half[i * side + a] * share;
    });
  }
  return result;
}

function toBytes(values) {
  const peak = Math.max(...values);
  return Uint8Array.from(values, value => Math.floor((255 * value) / peak + 0.5));
}

/** Return where the box begins in the image, so that its centre of mass is in the middle. */
function offsetOf(profile, size) {
  let sum = 0, moment = 0;
  profile.forEach((value, i) => { sum += value; moment += value * (i + 0.5); });
  return Math.trunc(Math.floor(size / 2) + 1 - moment / sum);
}
