/** The ring around the pointer that shows what the tip would cover. */
import type { Editor } from '../../editor/editor';
import { maskSetting } from '../../editor/masks/maskSettings';
import type { PainterFrame } from '../../editor/overlay';

export function paintTip(editor: Editor, { context, zoom }: PainterFrame): void {
  const pointer = editor.view.pointer.get();
  const form = maskSetting('form');
  if (!pointer || form === 'polygon') return;
  const size = Math.max(maskSetting('size'), 1);
  const [x, y] = pointer;
  for (const [width, color] of [
    [3.5, 'rgb(11 16 32 / .8)'],
    [1.5, '#FFFFFF'],
  ] as const) {
    context.beginPath();
    if (form === 'square') {
      const left = Math.round(x - size / 2);
      const top = Math.round(y - size / 2);
      context.rect(left, top, size, size);
    } else context.arc(x, y, size / 2, 0, 2 * Math.PI);
    context.lineWidth = width / zoom;
    context.strokeStyle = color;
    context.stroke();
  }
}
