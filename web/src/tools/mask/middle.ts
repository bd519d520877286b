import type { Editor } from '../../editor/editor';
import type { PointerInput } from '../../editor/input';

/** A press in the middle of the view, for those who have no pointer. */
export function middleOf(editor: Editor, type: 'down' | 'up'): PointerInput {
  const { view } = editor;
  const { width, height } = view.stage.get();
  const screen = [width / 2, height / 2] as const;
  const point = view.clampToImage(view.toImage(screen));
  return { type, point, screen, button: 0, shift: false, alt: false, ctrl: false };
}
