// Bilinear with half-pixel centres and no antialias, rounded to whole levels: cv2.INTER_LINEAR.
export function resize({ width, height, data }, toWidth, toHeight) {
  const out = new Uint8Array(toWidth * toHeight * 3);
  for (let y = 0; y < toHeight; y += 1) {
    const sy = Math.max(0, (y + 0.5) * (height / toHeight) - 0.5);
    const y0 = Math.min(Math.floor(sy), height - 1);
    const y1 = Math.min(y0 + 1, height - 1);
    const fy = sy - y0;
    for (let x = 0; x < toWidth; x += 1) {
      const sx = Math.max(0, (x + 0.5) * (width / toWidth) - 0.5);
      const x0 = Math.min(Math.floor(sx), width - 1);
      const x1 = Math.min(x0 + 1, width - 1);
      const fx = sx - x0;
      for (let c = 0; c < 3; c += 1) {
        const at = (yy, xx) => data[(yy * width + xx) * 3 + c];
        const top = at(y0, x0) * (1 - fx) + at(y0, x1) * fx;
        const bottom = at(y1, x0) * (1 - fx) + at(y1, x1) * fx;
        out[(y * toWidth + x) * 3 + c] = Math.round(top * (1 - fy) + bottom * fy);
      }
    }
  }
  return out;
}
