import type { Annotation, OperationDraft } from '../../kernel/records';
import { t } from '../../i18n/i18n';
import type { Editor } from '../editor';
import type { Label } from '../labels';
import type { Command } from './command';

const kKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const;

/** The label for what comes next; with objects selected by the select tool, theirs too. */
export function chooseLabel(editor: Editor, labelId: string): void {
  editor.activeLabel.set(labelId);
  if (editor.tool.get() === 'select') relabel(editor, [...editor.selection.get()], labelId);
}

export function relabel(editor: Editor, ids: readonly string[], labelId: string): void {
  const label = editor.labels.get().find(({ id }) => id === labelId);
  const operations = ids.flatMap((target): OperationDraft[] => {
    const annotation = editor.store.get(target)?.annotation;
    if (!annotation || annotation.label_id === labelId || !editor.mayChange(target)) return [];
    const prev = annotation.label_id;
    const relabelled: OperationDraft = {
      op: 'set',
      target,
      field: 'label_id',
      value: labelId,
      prev,
    };
    return [...withoutStrangers(annotation, label), relabelled];
  });
  if (operations.length > 0) editor.commit(t('objects.steps.relabel'), operations);
}

/** What the new label does not ask for the server would not take under it. */
function withoutStrangers(annotation: Annotation, label: Label | undefined): OperationDraft[] {
  const names = new Set(label?.attributes?.map(({ name }) => name));
  const before = annotation.attributes;
  const kept = Object.entries(before).filter(([name]) => names.has(name));
  if (kept.length === Object.keys(before).length) return [];
  const value = Object.fromEntries(kept);
  return [{ op: 'set', target: annotation.id, field: 'attributes', value, prev: before }];
}

/** `Digit1` also matches keyboards whose digits need Shift for the character. */
export const kLabelCommands: readonly Command[] = kKeys.map((key, index) => ({
  id: `label.${index + 1}`,
  title: 'commands.label',
  values: { number: index + 1 },
  group: 'labels',
  keys: [key, `Digit${key}`, `$mod+Digit${key}`],
  enabled: ({ editor }) => editor.labels.get().length > index,
  run: ({ editor }) => {
    const label = editor.labels.get()[index];
    if (label) chooseLabel(editor, label.id);
  },
}));
