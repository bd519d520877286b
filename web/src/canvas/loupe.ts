/** What is under the pointer four times as large, while a vertex is placed or dragged. */
import { toScreen, type Camera } from '../editor/camera';
import type { Editor } from '../editor/editor';

const kRadius = 64;
const kPower = 4;
const kAwayPx = 28;

/** The context is in CSS pixels; `below` are the layers under it, in device pixels. */
export function drawLoupe(
  editor: Editor,
  context: CanvasRenderingContext2D,
  camera: Camera,
  below: readonly HTMLCanvasElement[],
  devicePixels: number,
): void {
  const pointer = editor.view.pointer.get();
  const { drawing, replaced } = editor.overlay.get();
  if (!pointer || !editor.look.get().loupe || (!drawing && replaced.size === 0)) return;
  const [px, py] = toScreen(camera, pointer[0], pointer[1]);
  const stage = editor.view.stage.get();
  const right = px + kAwayPx + 2 * kRadius < stage.width;
  const x = right ? px + kAwayPx + kRadius : px - kAwayPx - kRadius;
  const y = Math.min(stage.height - kRadius - 8, Math.max(kRadius + 8, py - kRadius));
  const side = (2 * kRadius) / kPower;
  context.save();
  context.beginPath();
  context.arc(x, y, kRadius, 0, 2 * Math.PI);
  context.fillStyle = '#0B1020';
  context.fill();
  context.clip();
  context.imageSmoothingEnabled = false;
  for (const canvas of below) {
    context.drawImage(
      canvas,
      (px - side / 2) * devicePixels,
      (py - side / 2) * devicePixels,
      side * devicePixels,
      side * devicePixels,
      x - kRadius,
      y - kRadius,
      2 * kRadius,
      2 * kRadius,
    );
  }
  context.restore();
  drawRing(context, x, y);
}

function drawRing(context: CanvasRenderingContext2D, x: number, y: number): void {
  for (const [width, color] of [
    [4, 'rgb(11 16 32 / .8)'],
    [2, '#FFFFFF'],
  ] as const) {
    context.beginPath();
    context.arc(x, y, kRadius, 0, 2 * Math.PI);
    context.moveTo(x - 10, y);
    context.lineTo(x + 10, y);
    context.moveTo(x, y - 10);
    context.lineTo(x, y + 10);
    context.lineWidth = width;
    context.strokeStyle = color;
    context.stroke();
  }
}
