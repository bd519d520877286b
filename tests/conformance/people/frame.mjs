// How a model sees a photo, written from the descriptions of MediaPipe and @vladmandic/human: the
// whole photo squeezed or put in the middle of a black square, or a turned region of it.
//
// Pixels are sampled bilinearly with half-pixel centres, those of the border reaching on while the
// place asked for lies in the photo; beside it is `outside`: a grey level, or 'edge'. A frame maps
// pixels of the input to those of the photo: x = a x + b y + c, y = d x + e y + f.

const stretchFrame = (photo, width, height) => (
  [photo.width / width, 0, 0, 0, photo.height / height, 0]);

const squareFrame = (photo, width, height) => {
  const ratio = Math.max(photo.width / width, photo.height / height);
  return [ratio, 0, photo.width / 2 - ratio * width / 2, 0, ratio,
    photo.height / 2 - ratio * height / 2];
};

export const regionFrame = ({ cx, cy, size, degrees, mirrored }, width) => {
  const turn = degrees * Math.PI / 180;
  const step = size / width;
  const sideways = mirrored ? -step : step;
  const across = [Math.cos(turn) * sideways, Math.sin(turn) * sideways];
  const down = [-Math.sin(turn) * step, Math.cos(turn) * step];
  const half = width / 2;
  return [across[0], down[0], cx - half * (across[0] + down[0]),
    across[1], down[1], cy - half * (across[1] + down[1])];
};

export const toPhoto = ([a, b, c, d, e, f], [x, y]) => [a * x + b * y + c, d * x + e * y + f];

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function sample(photo, x, y, channel) {
  const left = Math.floor(x - 0.5);
  const top = Math.floor(y - 0.5);
  const wx = x - 0.5 - left;
  const wy = y - 0.5 - top;
  const at = (dx, dy) => photo.data[(clamp(top + dy, 0, photo.height - 1) * photo.width
    + clamp(left + dx, 0, photo.width - 1)) * 3 + channel];
  const row = (dy) => at(0, dy) * (1 - wx) + at(1, dy) * wx;
  return row(0) * (1 - wy) + row(1) * wy;
}

// {width, height, fit: 'stretch' | 'square', outside, grey?, scale, offset}; floats, NHWC.
export function look(photo, spec, region) {
  const { width, height = width, fit, outside = 0, grey = false, scale = 1, offset = 0 } = spec;
  let frame = stretchFrame(photo, width, height);
  if (region) frame = regionFrame(region, width);
  else if (fit === 'square') frame = squareFrame(photo, width, height);
  const border = !region && fit === 'stretch' ? 'edge' : outside;
  const values = new Float32Array(width * height * (grey ? 1 : 3));
  let at = 0;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const [x, y] = toPhoto(frame, [column + 0.5, row + 0.5]);
      const inside = x >= 0 && y >= 0 && x < photo.width && y < photo.height;
      const rgb = [0, 1, 2].map((channel) => (
        inside || border === 'edge' ? sample(photo, x, y, channel) : border));
      if (grey) values[at++] = (0.2989 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]) * scale + offset;
      else for (const one of rgb) values[at++] = one * scale + offset;
    }
  }
  return { values, frame, shape: [1, height, width, grey ? 1 : 3] };
}
