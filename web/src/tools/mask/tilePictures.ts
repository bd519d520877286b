/** Tiles of a mask as small canvases; of each only what changed is written again. */
import { channels } from '../../editor/labels';
import {
  kTileSide,
  type MaskTile,
  type MaskTiles,
  type TileChange,
} from '../../editor/masks/maskTiles';
import { drawInk } from './ink';

type Context = CanvasRenderingContext2D;

export class TilePictures {
  private readonly pictures = new Map<MaskTile, OffscreenCanvas>();
  private readonly ink: number;

  constructor(
    private readonly tiles: MaskTiles,
    color: string,
  ) {
    const [r, g, b] = channels(color);
    this.ink = new Uint32Array(new Uint8Array([r, g, b, 255]).buffer)[0]!;
  }

  /** In image space. */
  draw(context: Context, alpha: number): void {
    for (const change of this.tiles.takeChanges()) this.write(change);
    const matrix = context.getTransform();
    for (const [tile, picture] of this.pictures) {
      drawInk(context, picture, snapped(matrix, tile), alpha);
    }
  }

  private write({ tile, x0, y0, x1, y1 }: TileChange): void {
    let picture = this.pictures.get(tile);
    if (!picture) {
      picture = new OffscreenCanvas(kTileSide, kTileSide);
      this.pictures.set(tile, picture);
    }
    const width = x1 - x0;
    const data = new ImageData(width, y1 - y0);
    const words = new Uint32Array(data.data.buffer);
    for (let y = y0; y < y1; y++) {
      const row = y * kTileSide;
      for (let x = x0; x < x1; x++) {
        if (tile.bytes[row + x]) words[(y - y0) * width + x - x0] = this.ink;
      }
    }
    picture.getContext('2d')?.putImageData(data, x0, y0);
  }
}

/** Edges of tiles fall on whole device pixels: blended edges would show as lines. */
function snapped(matrix: DOMMatrix, { x, y }: MaskTile): DOMMatrix2DInit {
  const at = (u: number, v: number) => matrix.transformPoint({ x: u, y: v });
  const from = at(x, y);
  const to = at(x + kTileSide, y + kTileSide);
  const e = Math.round(from.x);
  const f = Math.round(from.y);
  const across = (Math.round(to.x) - e) / kTileSide;
  const down = (Math.round(to.y) - f) / kTileSide;
  const turned = Math.abs(matrix.b) > Math.abs(matrix.a);
  return turned
    ? { a: 0, b: down, c: across, d: 0, e, f }
    : { a: across, b: 0, c: 0, d: down, e, f };
}
