/** What a stroke does to the document: the selected mask goes on, or a new one begins. */
import type { Rle } from '../../kernel/records';
import { t } from '../../i18n/i18n';
import type { Editor } from '../editor';
import type { Entry } from '../store';

export type PaintMode = 'add' | 'erase';

export function opposite(mode: PaintMode): PaintMode {
  return mode === 'add' ? 'erase' : 'add';
}

/** The one selected object, when it is a mask. */
export function selectedMask(editor: Editor): Entry | null {
  const [entry, ...others] = editor.selected();
  return entry?.annotation.shape.type === 'mask' && others.length === 0 ? entry : null;
}

/** Of the mask that the next stroke goes to. */
export function inkColor(editor: Editor): string {
  const mask = selectedMask(editor);
  const label = mask ? editor.labelOf(mask.annotation) : editor.currentLabel();
  return label?.color ?? '#38BDF8';
}

/** Whether a stroke may begin; says why not. */
export function mayPaint(editor: Editor, mode: PaintMode): boolean {
  const target = selectedMask(editor);
  if (!target) {
    if (mode === 'erase') editor.notices.emit({ tone: 'info', code: 'no_mask_to_erase' });
    return mode === 'add' && editor.locked() === null;
  }
  if (editor.mayChange(target.annotation.id)) return true;
  if (editor.locked() === null) editor.notices.emit({ tone: 'info', code: 'object_guarded' });
  return false;
}

/** One step of history. Of a mask that is erased whole nothing stays. */
export async function paint(
  editor: Editor,
  mode: PaintMode,
  rle: Rle,
  step?: string,
): Promise<void> {
  const target = selectedMask(editor);
  const shape = target?.annotation.shape;
  if (!target || shape?.type !== 'mask') {
    if (mode === 'add') await editor.create({ type: 'mask', rle });
    return;
  }
  const { id } = target.annotation;
  const { kernel } = editor;
  const changes = mode === 'add' ? kernel.mergeRles(rle, shape.rle, 'subtract') : rle;
  const left = mode === 'add' ? null : kernel.mergeRles(shape.rle, rle, 'subtract');
  if (kernel.rleArea(changes) === 0 || left?.counts === shape.rle.counts) return;
  const title = step ?? t(mode === 'add' ? 'masks.steps.paint' : 'masks.steps.erase');
  if (left && kernel.rleArea(left) === 0) editor.commit(title, [{ op: 'del', target: id }]);
  else editor.commit(title, [{ op: 'mask_paint', target: id, mode, rle }]);
}

/** The next stroke begins a new mask. */
export function finishMask(editor: Editor): void {
  editor.select([]);
  editor.announcements.emit(t('masks.finished'));
}
