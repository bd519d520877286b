/** Tiles of one scale: what is there, what of it is out of date, and pictures of places from it. */
import type { Bounds } from '../editor/outline';
import { clip, overlap, tileBounds, tileKey, tilesIn, kTileSide, type TilePlace } from './tileGrid';

export interface Tile {
  readonly place: TilePlace;
  /** Null where nothing is. */
  readonly picture: ImageBitmap | null;
  stale: boolean;
  used: number;
}

export class TileSet {
  private readonly tiles = new Map<string, Tile>();

  constructor(readonly scale: number) {}

  get size(): number {
    return this.tiles.size;
  }

  get(place: TilePlace): Tile | undefined {
    return this.tiles.get(tileKey(place));
  }

  put(place: TilePlace, picture: ImageBitmap | null, used: number, stale: boolean): void {
    this.get(place)?.picture?.close();
    this.tiles.set(tileKey(place), { place, picture, stale, used });
  }

  /** Null for everything. */
  spoil(bounds: Bounds | null): void {
    for (const tile of this.tiles.values()) {
      if (bounds === null || overlap(tileBounds(tile.place, this.scale), bounds)) tile.stale = true;
    }
  }

  covers(bounds: Bounds): boolean {
    return tilesIn(bounds, this.scale).every((place) => this.get(place));
  }

  /** Lets the tiles go that were not used for longest. */
  keep(most: number): void {
    if (this.tiles.size <= most) return;
    const oldest = [...this.tiles.values()].sort((a, b) => a.used - b.used);
    for (const { place, picture } of oldest.slice(0, this.tiles.size - most)) {
      picture?.close();
      this.tiles.delete(tileKey(place));
    }
  }

  clear(): void {
    for (const { picture } of this.tiles.values()) picture?.close();
    this.tiles.clear();
  }

  /**
   * Draws the part of the image in `bounds`. The context is in device pixels, `toDevice` of them an
   * image pixel; edges are whole device pixels, so that neighbours meet without a seam.
   */
  draw(context: CanvasRenderingContext2D, bounds: Bounds, toDevice: number, used: number): void {
    for (const place of tilesIn(bounds, this.scale)) {
      const tile = this.get(place);
      if (!tile) continue;
      tile.used = used;
      if (!tile.picture) continue;
      const whole = tileBounds(place, this.scale);
      const part = clip(whole, bounds);
      const u = (part[0] - whole[0]) * this.scale;
      const v = (part[1] - whole[1]) * this.scale;
      const width = Math.min(kTileSide - u, (part[2] - part[0]) * this.scale);
      const height = Math.min(kTileSide - v, (part[3] - part[1]) * this.scale);
      const [x0, y0, x1, y1] = part.map((value) => Math.round(value * toDevice)) as [
        number,
        number,
        number,
        number,
      ];
      if (x1 <= x0 || y1 <= y0) continue;
      context.drawImage(tile.picture, u, v, width, height, x0, y0, x1 - x0, y1 - y0);
    }
  }
}
