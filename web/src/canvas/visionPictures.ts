/** Pictures of what the vision worker found, made there: the page only draws them. */
import { channels } from '../editor/labels';
import type { MaskPart } from '../kernel/kernel';
import type { Superpixels } from '../kernel/visionDesk';

const kEdgeInk = inkOf([255, 255, 255, 150]);

function inkOf(rgba: readonly number[]): number {
  return new Uint32Array(new Uint8Array(rgba).buffer)[0]!;
}

function pictureOf(words: Uint32Array<ArrayBuffer>, width: number, height: number) {
  const bytes = new Uint8ClampedArray(words.buffer);
  return createImageBitmap(new ImageData(bytes, width, height));
}

export function drawPart({ bytes, width, height }: MaskPart, color: string): Promise<ImageBitmap> {
  const ink = inkOf([...channels(color), 255]);
  const words = new Uint32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) if (bytes[i]) words[i] = ink;
  return pictureOf(words, width, height);
}

/** Marks the pixels whose right or lower neighbour belongs to another superpixel. */
export function drawEdges({ labels, width, height }: Superpixels): Promise<ImageBitmap> {
  const words = new Uint32Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    const right = (i + 1) % width !== 0 && labels[i] !== labels[i + 1];
    const below = i + width < labels.length && labels[i] !== labels[i + width];
    if (right || below) words[i] = kEdgeInk;
  }
  return pictureOf(words, width, height);
}
