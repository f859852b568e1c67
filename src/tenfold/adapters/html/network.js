// The forward pass of the network, generated from its layers; images are stored as (H, W, C).

const STEPS = {
  normalize(x, step) { return x.map(value => (value - step.mean) * step.factor); },
  affine(x, step) {
    const { scale, offset } = step, count = scale.length;
    return x.map((value, i) => value * scale[i % count] + offset[i % count]);
  },
  relu(x) { return x.map(value => Math.max(value, 0)); },
  leaky_relu(x, step) { return x.map(value => Math.max(value, value * step.slope)); },
  tanh(x) { return x.map(Math.tanh); },
  sigmoid(x) { return x.map(value => 0.5 + 0.5 * Math.tanh(0.5 * value)); },
  gelu(x) {
    const factor = Math.sqrt(2 / Math.PI);
    return x.map(v => 0.5 * v * (1 + Math.tanh(factor * (v + 0.044715 * v * v * v))));
  },

  dense(x, step) {
    const { weight, scale, offset } = step, count = x.length;
    return new Float32Array(scale.length).map((_, f) => {
      let sum = 0;
      for (let i = 0, w = f * count; i < count; i++) sum += x[i] * weight[w++];
      return sum * scale[f] + offset[f];
    });
  },

  convolution(x, step) {
    const { weight, scale, offset, pool } = step, [rows, columns, features] = step.output;
    const y = new Float32Array(rows * columns * features);
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        for (let f = 0; f < features; f++) {
          let best = -Infinity;
          for (let down = 0; down < pool; down++) {
            for (let right = 0; right < pool; right++) {
              const sum = patchSum(x, weight, step, f, i * pool + down, j * pool + right);
              if (sum > best) best = sum;
            }
          }
          y[at++] = best * scale[f] + offset[f];
        }
      }
    }
    return y;
  },

  max_pool(x, step) { return windows(x, step, values => Math.max(...values)); },
  average_pool(x, step) { return windows(x, step, values => sumOf(values) / values.length); },
  global_max_pool(x, step) { return channels(x, step, values => Math.max(...values)); },
  global_average_pool(x, step) { return channels(x, step, v => sumOf(v) / v.length); },

  residual(x, step) {
    const inner = runSteps(step.block, x);
    return x.map((value, i) => value + inner[i]);
  },

  deskew(x, step) {
    const [height, width, count] = step.shape;
    const { slope, centre } = slant(x, step.shape);
    const pixel = (p, q, c) => (q < 0 || q >= width ? 0 : x[(p * width + q) * count + c]);
    return x.map((_, i) => {
      const c = i % count, q = Math.floor(i / count) % width, p = Math.floor(i / count / width);
      const move = slope * (p - centre), whole = Math.floor(move);
      const left = pixel(p, q + whole, c), right = pixel(p, q + whole + 1, c);
      return left + (move - whole) * (right - left);
    });
  },
};

/** Return the sum of the products of a patch and a kernel; outside the image x is 0. */
function patchSum(x, weight, step, f, i, j) {
  const [height, width, count] = step.shape, { kernel, stride, before } = step;
  const top = i * stride - before, left = j * stride - before;
  const first = Math.max(0, -left), last = Math.min(kernel, width - left);
  let sum = 0;
  for (let k = Math.max(0, -top); k < Math.min(kernel, height - top); k++) {
    let at = ((top + k) * width + left + first) * count;
    let w = ((f * kernel + k) * kernel + first) * count;
    for (const end = at + (last - first) * count; at < end;) sum += x[at++] * weight[w++];
  }
  return sum;
}

/** Reduce each window of each channel to one number. */
function windows(x, step, reduce) {
  const [, width, count] = step.shape, [, columns] = step.output, { size, stride } = step;
  return new Float32Array(step.output.reduce((a, b) => a * b)).map((_, at) => {
    const c = at % count, j = Math.floor(at / count) % columns;
    const i = Math.floor(at / count / columns), values = [];
    for (let k = 0; k < size; k++) {
      for (let l = 0; l < size; l++) {
        values.push(x[((i * stride + k) * width + j * stride + l) * count + c]);
      }
    }
    return reduce(values);
  });
}

/** Reduce each channel to one number. */
function channels(x, step, reduce) {
  const count = step.shape[2];
  return new Float32Array(count).map((_, c) => reduce(x.filter((_, i) => i % count === c)));
}

function sumOf(values) { return values.reduce((a, b) => a + b, 0); }

/** Return the slope of the ink and its centre row, as the layer Deskew does. */
function slant(x, [height, width, count]) {
  const least = 1.1754943508222875e-38, ink = new Float64Array(height * width);
  x.forEach((value, i) => { ink[Math.floor(i / count)] += Math.max(value, 0); });
  const total = Math.max(sumOf(ink), least);
  const row = i => Math.floor(i / width), column = i => i % width;
  const p0 = ink.reduce((sum, w, i) => sum + w * row(i), 0) / total;
  const q0 = ink.reduce((sum, w, i) => sum + w * column(i), 0) / total;
  const products = ink.reduce((sum, w, i) => sum + w * (row(i) - p0) * (column(i) - q0), 0);
  const squares = ink.reduce((sum, w, i) => sum + w * (row(i) - p0) ** 2, 0);
  const slope = Math.max(-1, Math.min(1, products / Math.max(squares, least)));
  return { slope, centre: p0 };
}

function runSteps(steps, x) { return steps.reduce((y, step) => STEPS[step.kind](y, step), x); }

function softmax(values) {
  const largest = Math.max(...values), powers = values.map(value => Math.exp(value - largest));
  const sum = sumOf(powers);
  return powers.map(power => power / sum);
}

/** Return the image moved by some rows and columns; pixels that come from outside it are 0. */
function moved(pixels, [height, width, count], down, right) {
  if (!down && !right) return Float32Array.from(pixels);
  return new Float32Array(pixels.length).map((_, i) => {
    const c = i % count, q = (Math.floor(i / count) % width) + right;
    const p = Math.floor(i / count / width) + down;
    const inside = p >= 0 && p < height && q >= 0 && q < width;
    return inside ? pixels[(p * width + q) * count + c] : 0;
  });
}

/** Return probabilities, digit and unsure of one image, as Model.predict does. */
function predict(model, pixels) {
  const s = model.test_time_shift;
  const views = s ? [[0, 0], [-s, 0], [s, 0], [0, -s], [0, s]] : [[0, 0]];
  const rows = views.map(([down, right]) => {
    const image = moved(pixels, model.input.shape, down, right);
    return softmax(Array.from(runSteps(model.steps, image)));
  });
  const mean = rows[0].map((_, c) => sumOf(rows.map(row => row[c])) / rows.length);
  const logarithms = mean.map(p => Math.log(Math.max(p, 1.1754943508222875e-38)));
  const probabilities = softmax(logarithms.map(value => value / model.temperature));
  const confidence = Math.max(...probabilities);
  const blank = pixels.every(value => value === pixels[0]);
  return {
    probabilities,
    digit: probabilities.indexOf(confidence),
    blank,
    unsure: blank || (model.unsure_below !== null && confidence < model.unsure_below),
  };
}

/** Give each step of a model its arrays, which are parts of one Base64 text. */
function unpack(model, text) {
  const bytes = Uint8Array.from(atob(text), character => character.charCodeAt(0));
  const kinds = { int8: Int8Array, int16: Int16Array, float32: Float32Array };
  const give = step => {
    for (const name of ["weight", "scale", "offset"]) {
      if (!step[name]) continue;
      const { type, start, length } = step[name];
      step[name] = new kinds[type](bytes.buffer, start, length);
    }
    step.block?.forEach(give);
  };
  model.steps.forEach(give);
  return model;
}
