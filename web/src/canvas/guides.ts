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
    context.beginPath();
    context.moveTo(Math.floor(x0) + 0.5, Math.floor(y0) + 0.5);
    context.lineTo(Math.floor(x1) + 0.5, Math.floor(y1) + 0.5);
    context.lineWidth = 1;
    context.strokeStyle = kGuide;
    context.stroke();
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
