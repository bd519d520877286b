/**
 * A mask while it is painted: a sparse map of square tiles of bytes, 0 or 1. Only what was touched
 * exists, and only what changed since it was last asked for is told.
 */
import type { MaskPart } from '../../kernel/kernel';

export const kTileSide = 256;

export interface MaskTile {
  /** Image pixels of its top left corner. */
  readonly x: number;
  readonly y: number;
  /** Row by row. */
  readonly bytes: Uint8Array;
}

/** Pixels of a tile that changed: from x0, y0 up to but without x1, y1. */
export interface TileChange {
  tile: MaskTile;
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export class MaskTiles {
  private readonly tiles = new Map<number, MaskTile>();
  private readonly changed = new Map<number, TileChange>();
  private readonly columns: number;
  private x0 = Infinity;
  private y0 = Infinity;
  private x1 = -Infinity;
  private y1 = -Infinity;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.columns = Math.ceil(width / kTileSide);
  }

  get isEmpty(): boolean {
    return this.x0 > this.x1;
  }

  /** Sets the pixels from `from` up to but without `to` in row `y`; what is outside is left out. */
  fillRow(y: number, from: number, to: number): void {
    const start = Math.max(0, from);
    const end = Math.min(this.width, to);
    if (y < 0 || y >= this.height || start >= end) return;
    this.x0 = Math.min(this.x0, start);
    this.x1 = Math.max(this.x1, end);
    this.y0 = Math.min(this.y0, y);
    this.y1 = Math.max(this.y1, y + 1);
    const top = Math.floor(y / kTileSide);
    for (let x = start; x < end;) {
      const column = Math.floor(x / kTileSide);
      const stop = Math.min(end, (column + 1) * kTileSide);
      this.fillInTile(top * this.columns + column, column, top, [x, stop, y]);
      x = stop;
    }
  }

  /** What changed since the last call. */
  takeChanges(): TileChange[] {
    const changes = [...this.changed.values()];
    this.changed.clear();
    return changes;
  }

  /** The smallest rectangle around all pixels set, null when none is. */
  part(): MaskPart | null {
    if (this.isEmpty) return null;
    const { x0, y0 } = this;
    const width = this.x1 - x0;
    const height = this.y1 - y0;
    const bytes = new Uint8Array(width * height);
    for (const tile of this.tiles.values()) this.copyInto(bytes, tile);
    return { x: x0, y: y0, width, height, bytes };
  }

  private fillInTile(
    key: number,
    column: number,
    row: number,
    [from, to, y]: readonly [number, number, number],
  ): void {
    let tile = this.tiles.get(key);
    if (!tile) {
      const bytes = new Uint8Array(kTileSide * kTileSide);
      tile = { x: column * kTileSide, y: row * kTileSide, bytes };
      this.tiles.set(key, tile);
    }
    const x0 = from - tile.x;
    const x1 = to - tile.x;
    const line = y - tile.y;
    tile.bytes.fill(1, line * kTileSide + x0, line * kTileSide + x1);
    const change = this.changed.get(key);
    if (!change) {
      this.changed.set(key, { tile, x0, x1, y0: line, y1: line + 1 });
      return;
    }
    change.x0 = Math.min(change.x0, x0);
    change.x1 = Math.max(change.x1, x1);
    change.y0 = Math.min(change.y0, line);
    change.y1 = Math.max(change.y1, line + 1);
  }

  private copyInto(bytes: Uint8Array, tile: MaskTile): void {
    const width = this.x1 - this.x0;
    const from = Math.max(this.x0, tile.x);
    const to = Math.min(this.x1, tile.x + kTileSide);
    const last = Math.min(this.y1, tile.y + kTileSide);
    for (let y = Math.max(this.y0, tile.y); y < last; y++) {
      const start = (y - tile.y) * kTileSide - tile.x;
      const row = tile.bytes.subarray(start + from, start + to);
      bytes.set(row, (y - this.y0) * width + from - this.x0);
    }
  }
}
