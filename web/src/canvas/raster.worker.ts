/**
 * Draws the resting shapes of a crowded image away from the page, so that pan and zoom stay
 * smooth while thousands of outlines are drawn again.
 */
import { kRestStyle, paintOutline } from './paint';
import type { RasterReply, RasterRequest, RasterShape } from './rasterProtocol';

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<RasterRequest>) => void) | null;
  postMessage(message: RasterReply, transfer: Transferable[]): void;
};

const shapes = new Map<string, RasterShape>();
let order: RasterShape[] | null = null;

function ordered(): RasterShape[] {
  order ??= [...shapes.values()].sort((a, b) => {
    if (a.z !== b.z) return a.z < b.z ? -1 : 1;
    return a.id < b.id ? -1 : 1;
  });
  return order;
}

function render(request: RasterRequest & { type: 'render' }): void {
  const { camera, width, height, devicePixels } = request;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) return;
  context.setTransform(camera.zoom, 0, 0, camera.zoom, camera.x, camera.y);
  const left = -camera.x / camera.zoom;
  const top = -camera.y / camera.zoom;
  const right = left + width / camera.zoom;
  const bottom = top + height / camera.zoom;
  const excluded = new Set(request.excluded);
  for (const { id, outline, color } of ordered()) {
    const [x0, y0, x1, y1] = outline.bounds;
    if (x1 < left || x0 > right || y1 < top || y0 > bottom || excluded.has(id)) continue;
    // Line widths are screen pixels; the picture is in device pixels.
    paintOutline(context, outline, { ...kRestStyle, color }, camera.zoom / devicePixels);
  }
  const picture = canvas.transferToImageBitmap();
  scope.postMessage({ sequence: request.sequence, picture }, [picture]);
}

scope.onmessage = ({ data }) => {
  if (data.type === 'render') return render(data);
  if (data.reset) shapes.clear();
  for (const id of data.remove) shapes.delete(id);
  for (const shape of data.put) shapes.set(shape.id, shape);
  order = null;
};
