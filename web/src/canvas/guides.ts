/** Lines that a person pulled out of the rulers, and the grid of pixels. */
import { toScreen, type Camera } from '../editor/camera';
import type { Editor } from '../editor/editor';
import type { Bounds } from '../editor/outline';

const kGuide = '#22D3EE';
/** From this zoom on pixels are told apart by lines. */
export const kGridZoom = 8;

/** The context is in CSS pixels. */
export function drawGuides(editor: Editor, context: CanvasRenderingContext2D, camera: Camera) {
  const { width, height } = editor.view.image.get();
  for (const { axis, at } of editor.view.guides.get()) {
    const [x0, y0] = axis === 'x' ? toScreen(camera, at, 0) : toScreen(camera, 0, at);
    const [x1, y1] = axis === 'x' ? toScreen(camera, at, height) : toScreen(camera, width, at);
    const [left, top] = [Math.floor(Math.min(x0, x1)), Math.floor(Math.min(y0, y1))];
    context.fillStyle = kGuide;
    context.fillRect(left, top, Math.max(1, Math.abs(x1 - x0)), Math.max(1, Math.abs(y1 - y0)));
  }
}

/** The context is in device pixels of the image's axes, `scale` of them an image pixel. */
export function drawGrid(context: CanvasRenderingContext2D, seen: Bounds, scale: number): void {
  const [x0, y0, x1, y1] = seen.map((value, side) =>
    side < 2 ? Math.floor(value) : Math.ceil(value),
  ) as [number, number, number, number];
  context.beginPath();
  for (let x = x0; x <= x1; x++) {
    const at = Math.round(x * scale) + 0.5;
    context.moveTo(at, Math.round(y0 * scale));
    context.lineTo(at, Math.round(y1 * scale));
  }
  for (let y = y0; y <= y1; y++) {
    const at = Math.round(y * scale) + 0.5;
    context.moveTo(Math.round(x0 * scale), at);
    context.lineTo(Math.round(x1 * scale), at);
  }
  context.lineWidth = 1;
  context.strokeStyle = 'rgb(128 128 128 / .55)';
  context.stroke();
}
