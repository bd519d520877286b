import type { Editor } from '../../editor/editor';
import { takesShape, type Label, type SkeletonTemplate } from '../../editor/labels';

export type SkeletonLabel = Label & { skeleton: SkeletonTemplate };

function hasTemplate(label: Label | null): label is SkeletonLabel {
  return label?.skeleton !== undefined && takesShape(label, 'skeleton');
}

/**
 * The active label where it has a template, else the first that has one: it becomes the active one,
 * so that the person sees what is drawn. Null, with a notice, where no label has one.
 */
export function takeSkeletonLabel(editor: Editor): SkeletonLabel | null {
  const active = editor.currentLabel();
  if (hasTemplate(active)) return active;
  const found = editor.labels.get().find(hasTemplate);
  if (!found) {
    editor.notices.emit({ tone: 'info', code: 'no_skeleton_label' });
    return null;
  }
  editor.activeLabel.set(found.id);
  return found;
}
