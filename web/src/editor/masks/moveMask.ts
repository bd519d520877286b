import type { Kernel, MaskPart } from '../../kernel/kernel';
import type { MaskShape, Rle } from '../../kernel/records';

/** A gesture moves the same mask again and again. */
const kLifted = new WeakMap<Rle, MaskPart | null>();

/** By whole pixels: masks live on the grid. What would leave the image stays at its border. */
export function translateMask(kernel: Kernel, shape: MaskShape, dx: number, dy: number): MaskShape {
  const [height, width] = shape.rle.size;
  const part = lifted(kernel, shape);
  if (!part) return shape;
  const x = within(part.x + Math.round(dx), width - part.width);
  const y = within(part.y + Math.round(dy), height - part.height);
  if (x === part.x && y === part.y) return shape;
  return { type: 'mask', rle: kernel.encodePart({ ...part, x, y }, height, width) };
}

function within(place: number, most: number): number {
  return Math.max(0, Math.min(most, place));
}

function lifted(kernel: Kernel, shape: MaskShape): MaskPart | null {
  let part = kLifted.get(shape.rle);
  if (part === undefined) kLifted.set(shape.rle, (part = lift(kernel, shape)));
  return part;
}

/** The pixels within the bounds; null for a mask without any. */
function lift(kernel: Kernel, shape: MaskShape): MaskPart | null {
  const bounds = kernel.shapeBounds(shape);
  if (!bounds) return null;
  const [x, y, x1, y1] = bounds;
  const [width, height] = [x1 - x, y1 - y];
  if (width < 1 || height < 1) return null;
  const across = shape.rle.size[1];
  const all = kernel.decodeRle(shape.rle);
  const bytes = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = (y + row) * across + x;
    bytes.set(all.subarray(from, from + width), row * width);
  }
  return { x, y, width, height, bytes };
}
