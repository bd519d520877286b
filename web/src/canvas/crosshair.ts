/** Hair lines through the pointer while something is placed. */
import { toScreen, toScreenRect, type Camera } from '../editor/camera';
import type { Editor } from '../editor/editor';

const kWithout = new Set<string>(['select', 'brush', 'eraser', 'segment']);

/** The context is in CSS pixels. */
export function drawCrosshair(
  editor: Editor,
  context: CanvasRenderingContext2D,
  camera: Camera,
): void {
  const pointer = editor.view.pointer.get();
  if (!pointer || !editor.look.get().crosshair || kWithout.has(editor.tool.get())) return;
  const image = editor.view.image.get();
  if (pointer[0] < 0 || pointer[1] < 0 || pointer[0] > image.width || pointer[1] > image.height) {
    return;
  }
  const at = toScreen(camera, pointer[0], pointer[1]);
  const x = Math.round(at[0]) + 0.5;
  const y = Math.round(at[1]) + 0.5;
  const { x: left, y: top, width, height } = toScreenRect(camera, { x: 0, y: 0, ...image });
  for (const [line, color] of [
    [3, 'rgb(11 16 32 / .45)'],
    [1, 'rgb(255 255 255 / .75)'],
  ] as const) {
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(left + width, y);
    context.moveTo(x, top);
    context.lineTo(x, top + height);
    context.lineWidth = line;
    context.strokeStyle = color;
    context.stroke();
  }
}
