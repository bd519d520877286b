// Segment Anything's own pre- and post-processing: ResizeLongestSide, preprocess, and the inputs of
// its exported decoder.
import { resize } from './resize.mjs';

const side = 1024;
const mean = [123.675, 116.28, 103.53];
const deviation = [58.395, 57.12, 57.375];

function resizedSides({ width, height }) {
  const scale = side / Math.max(width, height);
  return [Math.floor(width * scale + 0.5), Math.floor(height * scale + 0.5)];
}

export function prepareSam(image) {
  const [width, height] = resizedSides(image);
  const small = resize(image, width, height);
  const values = new Float32Array(3 * side * side);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let c = 0; c < 3; c += 1) {
        const level = small[(y * width + x) * 3 + c];
        values[c * side * side + y * side + x] = (level - mean[c]) / deviation[c];
      }
    }
  }
  return { values, side };
}

function promptTensors(image, prompts) {
  const [width, height] = resizedSides(image);
  const coords = [];
  const labels = [];
  const add = (x, y, label) => {
    coords.push(x * (width / image.width), y * (height / image.height));
    labels.push(label);
  };
  const boxes = prompts.filter((p) => p.startsWith('box:'));
  for (const prompt of prompts.filter((p) => !p.startsWith('box:'))) {
    const [x, y] = prompt.slice(1).split(',').map(Number);
    add(x, y, prompt[0] === '+' ? 1 : 0);
  }
  for (const box of boxes) {
    const [x0, y0, x1, y1] = box.slice(4).split(',').map(Number);
    add(x0, y0, 2);
    add(x1, y1, 3);
  }
  if (boxes.length === 0) {
    coords.push(0, 0);
    labels.push(-1);
  }
  return { coords, labels };
}

export async function runSam(ort, decoder, embedding, image, prompts) {
  const { coords, labels } = promptTensors(image, prompts);
  const floats = (values, shape) => new ort.Tensor('float32', Float32Array.from(values), shape);
  const answer = await decoder.run({
    image_embeddings: embedding,
    point_coords: floats(coords, [1, labels.length, 2]),
    point_labels: floats(labels, [1, labels.length]),
    mask_input: new ort.Tensor('float32', new Float32Array(256 * 256), [1, 1, 256, 256]),
    has_mask_input: floats([0], [1]),
    orig_im_size: floats([image.height, image.width], [2]),
  });
  const scores = Array.from(answer.iou_predictions.data);
  const best = scores.indexOf(Math.max(...scores));
  const pixels = image.width * image.height;
  const mask = new Uint8Array(pixels);
  let area = 0;
  for (let i = 0; i < pixels; i += 1) {
    mask[i] = answer.masks.data[best * pixels + i] > 0 ? 1 : 0;
    area += mask[i];
  }
  return { mask, area, score: scores[best] };
}

// COCO's runs: columns from the left, background first.
export function maskOfRuns(runs, [height, width]) {
  const mask = new Uint8Array(height * width);
  let at = 0;
  runs.forEach((run, i) => {
    for (let k = 0; k < run; k += 1, at += 1) {
      if (i % 2) mask[(at % height) * width + Math.floor(at / height)] = 1;
    }
  });
  return mask;
}

export function maskIou(a, b) {
  let both = 0;
  let any = 0;
  for (let i = 0; i < a.length; i += 1) {
    both += a[i] & b[i];
    any += a[i] | b[i];
  }
  return any > 0 ? both / any : 1;
}
