/** Changes of the whole selected mask, one step each. */
import { t } from '../../i18n/i18n';
import type { Editor } from '../editor';
import { resized, withoutHoles } from './enclosed';
import { mayPaint, paint, selectedMask } from './painting';

export function fillHoles(editor: Editor): void {
  const shape = selectedMask(editor)?.annotation.shape;
  if (shape?.type !== 'mask' || !mayPaint(editor, 'add')) return;
  const filled = withoutHoles(shape.rle, editor.kernel);
  void paint(editor, 'add', filled, t('masks.steps.fill'));
}

export function resizeMask(editor: Editor, by: 1 | -1): void {
  const { kernel } = editor;
  const shape = selectedMask(editor)?.annotation.shape;
  const mode = by > 0 ? 'add' : 'erase';
  if (shape?.type !== 'mask' || !mayPaint(editor, mode)) return;
  const next = resized(shape.rle, by, kernel);
  const [more, less] = by > 0 ? [next, shape.rle] : [shape.rle, next];
  const title = t(by > 0 ? 'masks.steps.grow' : 'masks.steps.shrink');
  void paint(editor, mode, kernel.mergeRles(more, less, 'subtract'), title);
}
