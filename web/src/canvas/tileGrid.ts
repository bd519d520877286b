/**
 * Where tiles of 512 device pixels lie. A grid has a scale, device pixels an image pixel; a tile is
 * named by its column and row from the image's origin, and may lie outside of the image.
 */
import type { Rect } from '../editor/camera';
import type { Bounds } from '../editor/outline';

export const kTileSide = 512;

export interface TilePlace {
  readonly column: number;
  readonly row: number;
}

export function tileKey({ column, row }: TilePlace): string {
  return `${column}/${row}`;
}

/** Image pixels. */
export function tileBounds({ column, row }: TilePlace, scale: number): Bounds {
  const side = kTileSide / scale;
  return [column * side, row * side, (column + 1) * side, (row + 1) * side];
}

/** The tiles that a rectangle of the image touches, by rows. */
export function tilesIn(bounds: Bounds, scale: number): TilePlace[] {
  const side = kTileSide / scale;
  const [x0, y0, x1, y1] = bounds;
  const places: TilePlace[] = [];
  for (let row = Math.floor(y0 / side); row * side < y1; row++) {
    for (let column = Math.floor(x0 / side); column * side < x1; column++) {
      places.push({ column, row });
    }
  }
  return places;
}

export function boundsOfRect({ x, y, width, height }: Rect): Bounds {
  return [x, y, x + width, y + height];
}

export function overlap(a: Bounds, b: Bounds): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

export function clip(a: Bounds, b: Bounds): Bounds {
  return [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
}

export function grown([x0, y0, x1, y1]: Bounds, by: number): Bounds {
  return [x0 - by, y0 - by, x1 + by, y1 + by];
}

/** The nearest to a point first: what is looked at comes before the margin. */
export function byDistance(places: readonly TilePlace[], scale: number, x: number, y: number) {
  const side = kTileSide / scale;
  const away = ({ column, row }: TilePlace) =>
    Math.hypot((column + 0.5) * side - x, (row + 0.5) * side - y);
  return [...places].sort((a, b) => away(a) - away(b));
}
