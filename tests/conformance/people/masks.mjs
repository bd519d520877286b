// Masks as sets of pixels: ours from COCO's compressed runs, theirs from a grid of probabilities.

// Runs by columns, background first; each text of groups of five bits, from the fourth run on as
// the difference to the run two before (the COCO API's format).
function runsOf(counts) {
  const runs = [];
  for (let at = 0; at < counts.length;) {
    let [value, shift, more] = [0, 0, true];
    while (more) {
      const code = counts.charCodeAt(at++) - 48;
      value += (code & 31) * 2 ** shift;
      more = (code & 32) !== 0;
      shift += 5;
      if (!more && (code & 16) !== 0) value -= 2 ** shift;
    }
    runs.push(runs.length > 2 ? value + runs[runs.length - 2] : value);
  }
  return runs;
}

function pixelsOf({ size: [height, width], counts }) {
  const out = new Uint8Array(height * width);
  let at = 0;
  runsOf(counts).forEach((length, i) => {
    for (const end = at + length; at < end; at += 1) {
      if (i % 2) out[(at % height) * width + Math.floor(at / height)] = 1;
    }
  });
  return out;
}

function valueAt(values, width, height, x, y) {
  const inside = (v, most) => Math.min(Math.max(v, 0), most);
  const [u, v] = [inside(x - 0.5, width - 1), inside(y - 0.5, height - 1)];
  const [left, top] = [Math.floor(u), Math.floor(v)];
  const [right, bottom] = [Math.min(left + 1, width - 1), Math.min(top + 1, height - 1)];
  const row = (r) => (
    values[r * width + left] * (1 - u + left) + values[r * width + right] * (u - left));
  return row(top) * (1 - v + top) + row(bottom) * (v - top);
}

export function judgeMask(verdict, finding, photo, values, width, height, [a, b, c, d, e, f]) {
  const ours = finding ? pixelsOf(finding.shape.rle) : new Uint8Array(photo.width * photo.height);
  const det = a * e - b * d;
  let [both, any] = [0, 0];
  for (let y = 0; y < photo.height; y += 1) {
    for (let x = 0; x < photo.width; x += 1) {
      const [px, py] = [x + 0.5 - c, y + 0.5 - f];
      const [mx, my] = [(e * px - b * py) / det, (a * py - d * px) / det];
      const seen = mx >= 0 && my >= 0 && mx <= width && my <= height;
      const theirs = seen && valueAt(values, width, height, mx, my) >= 0.5 ? 1 : 0;
      const mine = ours[y * photo.width + x];
      both += mine & theirs;
      any += mine | theirs;
    }
  }
  if (any > photo.width * photo.height / 500) verdict.atLeast('mask IoU', both / any, 0.98);
}
