/** Answers what the mask tools ask about one picture; runs in the vision worker. */
import type { MaskPart } from './kernel';
import type { RawPicture, RawVision } from './vision';

/** Places are pixels of the picture that was loaded last. */
export type VisionRequest =
  | { kind: 'load'; width: number; height: number; pixels: Uint8ClampedArray }
  | {
      kind: 'wand';
      x: number;
      y: number;
      tolerance: number;
      contiguous: boolean;
      /** `#rrggbb` of the picture of what was found. */
      color: string;
    }
  | { kind: 'superpixels'; cell: number }
  | { kind: 'seed'; x: number; y: number }
  | { kind: 'path'; x: number; y: number };

export interface Superpixels {
  width: number;
  height: number;
  labels: Uint32Array;
  /** Of each label x0, y0, x1, y1; the last two are beyond it. */
  boxes: Int32Array;
  /** Lines between them; null where pictures cannot be made. */
  edges: ImageBitmap | null;
}

export interface WandFound {
  part: MaskPart;
  picture: ImageBitmap | null;
}

export interface VisionReplies {
  load: null;
  wand: WandFound | null;
  superpixels: Superpixels;
  seed: null;
  /** x0, y0, x1, y1, ... from the seed. */
  path: Int32Array;
}

export type VisionReply = VisionReplies[keyof VisionReplies];

export class VisionDesk {
  private picture: RawPicture | null = null;
  private width = 0;
  private height = 0;

  constructor(private readonly vision: RawVision) {}

  /** @throws Error of the kernel, or when no picture is loaded. */
  answer(request: VisionRequest): VisionReply {
    if (request.kind === 'load') return this.load(request);
    const { picture } = this;
    if (!picture) throw new Error('No picture is loaded.');
    switch (request.kind) {
      case 'wand': {
        picture.wand(request.x, request.y, request.tolerance, request.contiguous);
        const part = cropped(picture.mask(), this.width, this.height);
        return part && { part, picture: null };
      }
      case 'superpixels': {
        const count = picture.superpixels(request.cell);
        const labels = picture.labels().slice();
        const { width, height } = this;
        const boxes = boxesOf(labels, width, count);
        return { width, height, labels, boxes, edges: null };
      }
      case 'seed':
        picture.grow(request.x, request.y);
        return null;
      case 'path':
        return picture.path(request.x, request.y);
    }
  }

  private load({ width, height, pixels }: VisionRequest & { kind: 'load' }): null {
    this.picture?.delete();
    this.picture = new this.vision.Picture(width, height);
    this.picture.pixels().set(pixels);
    this.width = width;
    this.height = height;
    return null;
  }
}

function cropped(mask: Uint8Array, width: number, height: number): MaskPart | null {
  const rows = (y: number) => mask.subarray(y * width, (y + 1) * width);
  let y0 = 0;
  while (y0 < height && !rows(y0).includes(1)) y0 += 1;
  if (y0 === height) return null;
  let y1 = height;
  while (!rows(y1 - 1).includes(1)) y1 -= 1;
  let x0 = width;
  let x1 = 0;
  for (let y = y0; y < y1; y++) {
    const row = rows(y);
    const first = row.indexOf(1);
    if (first < 0) continue;
    x0 = Math.min(x0, first);
    x1 = Math.max(x1, row.lastIndexOf(1) + 1);
  }
  const part = { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
  const bytes = new Uint8Array(part.width * part.height);
  for (let y = y0; y < y1; y++) bytes.set(rows(y).subarray(x0, x1), (y - y0) * part.width);
  return { ...part, bytes };
}

function boxesOf(labels: Uint32Array, width: number, count: number): Int32Array {
  const boxes = new Int32Array(4 * count);
  for (let i = 0; i < count; i++) boxes.set([width, labels.length, 0, 0], 4 * i);
  for (let i = 0, x = 0, y = 0; i < labels.length; i++) {
    const at = 4 * labels[i]!;
    if (x < boxes[at]!) boxes[at] = x;
    if (y < boxes[at + 1]!) boxes[at + 1] = y;
    if (x >= boxes[at + 2]!) boxes[at + 2] = x + 1;
    if (y >= boxes[at + 3]!) boxes[at + 3] = y + 1;
    if (++x === width) {
      x = 0;
      y += 1;
    }
  }
  return boxes;
}
