/** Tags say something of the whole image: objects without a place. */
import { uuidv7 } from '../../kernel/ids';
import { t } from '../../i18n/i18n';
import { defaultAttributes, type Editor } from '../editor';
import { takesShape, type Label } from '../labels';

/** Labels that can stand for the image: those that are only tags first. */
export function tagLabels(labels: readonly Label[]): Label[] {
  const fit = labels.filter((label) => takesShape(label, 'tag'));
  return [...fit.filter(({ kind }) => kind === 'tag'), ...fit.filter(({ kind }) => kind !== 'tag')];
}

export function tagsOf(editor: Editor, labelId: string): string[] {
  return editor.store
    .ordered()
    .flatMap(({ annotation: { id, label_id, shape } }) =>
      shape.type === 'tag' && label_id === labelId ? [id] : [],
    );
}

/** Returns whether the image has the tag now. */
export function toggleTag(editor: Editor, label: Label): boolean {
  const present = tagsOf(editor, label.id);
  if (present.length > 0) {
    const free = present.filter((id) => editor.mayChange(id));
    const title = t('objects.steps.untag', { label: label.name });
    return !editor.commit(
      title,
      free.map((target) => ({ op: 'del', target })),
    );
  }
  const annotation = {
    id: uuidv7(),
    label_id: label.id,
    shape: { type: 'tag' as const },
    attributes: defaultAttributes(label),
    source: 'manual' as const,
  };
  const title = t('objects.steps.tag', { label: label.name });
  return editor.commit(title, [{ op: 'put', annotation }]);
}
