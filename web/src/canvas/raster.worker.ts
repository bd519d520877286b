/**
 * Draws tiles of the resting shapes of a crowded image away from the page, so that pan and zoom
 * stay smooth while thousands of outlines are drawn again.
 */
import { SpatialIndex } from '../editor/spatial';
import { kRestStyle, paintOutline } from './paint';
import type { RasterReply, RasterRequest } from './rasterProtocol';
import { unpackShapes, type RasterShape } from './shapePack';
import { grown, kTileSide, tileBounds } from './tileGrid';

/** Screen pixels by which lines and marks reach beyond their shape's bounds. */
const kReachPx = 6;

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<RasterRequest>) => void) | null;
  postMessage(message: RasterReply, transfer: Transferable[]): void;
};

const shapes = new Map<string, RasterShape>();
const index = new SpatialIndex();
let excluded: ReadonlySet<string> = new Set();

function byDepth(a: RasterShape, b: RasterShape): number {
  if (a.z !== b.z) return a.z < b.z ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

function sync({ reset, put, remove }: RasterRequest & { type: 'sync' }): void {
  if (reset) remove = [...shapes.keys()];
  for (const id of remove) shapes.delete(id);
  const fresh = unpackShapes(put);
  for (const shape of fresh) shapes.set(shape.id, shape);
  index.put([
    ...remove.filter((id) => !shapes.has(id)).map((id) => ({ id, bounds: null })),
    ...fresh.map(({ id, outline }) => ({ id, bounds: outline.bounds })),
  ]);
}

function draw(request: RasterRequest & { type: 'tile' }): ImageBitmap | null {
  const { place, scale, devicePixels, fillAlpha } = request;
  const zoom = scale / devicePixels;
  const bounds = tileBounds(place, scale);
  const found = index
    .search(grown(bounds, kReachPx / zoom))
    .flatMap((id) => (excluded.has(id) ? [] : (shapes.get(id) ?? [])))
    .sort(byDepth);
  if (found.length === 0) return null;
  const canvas = new OffscreenCanvas(kTileSide, kTileSide);
  const context = canvas.getContext('2d')!;
  context.setTransform(scale, 0, 0, scale, -bounds[0] * scale, -bounds[1] * scale);
  for (const { outline, color } of found) {
    paintOutline(context, outline, { ...kRestStyle, fillAlpha, color }, zoom);
  }
  return canvas.transferToImageBitmap();
}

scope.onmessage = ({ data }) => {
  if (data.type === 'sync') return sync(data);
  if (data.type === 'exclude') {
    excluded = new Set(data.ids);
    return;
  }
  const picture = draw(data);
  scope.postMessage({ ticket: data.ticket, picture }, picture ? [picture] : []);
};
