/** Objects that belong together: they share the text in `group`. */
import { uuidv7 } from '../../kernel/ids';
import type { Annotation, OperationDraft } from '../../kernel/records';
import { t } from '../../i18n/i18n';
import type { Editor } from '../editor';

/** Equally light, so that none stands out; told apart by their numbers too. */
const kColors = [
  '#F97066',
  '#FB8C3C',
  '#E2B203',
  '#9CC53B',
  '#4BCE7A',
  '#2BC4B4',
  '#3FB6F0',
  '#6E9BFF',
  '#9A86FF',
  '#C77BFA',
  '#F06BD2',
  '#F7728F',
] as const;

/** The same for everybody at the image. */
export function groupColor(group: string): string {
  let hash = 2166136261;
  for (let i = 0; i < group.length; i++) hash = Math.imul(hash ^ group.charCodeAt(i), 16777619);
  return kColors[(hash >>> 0) % kColors.length]!;
}

const kUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-/;

/** A group that was imported has a name; one made here is called by its number. */
export function groupName(group: string, number: number): string {
  return kUuid.test(group) ? t('objects.groups.numbered', { number }) : group;
}

function setGroup(annotation: Annotation, group: string | null): OperationDraft[] {
  const prev = annotation.group ?? null;
  if (prev === group) return [];
  return [{ op: 'set', target: annotation.id, field: 'group', value: group, prev }];
}

/** One group of all selected: the one that they have already, where it is only one. */
export function groupSelection(editor: Editor): void {
  const chosen = editor.selected().map((entry) => entry.annotation);
  if (chosen.length < 2) return;
  const known = new Set(chosen.flatMap(({ group }) => group ?? []));
  const group = known.size === 1 ? [...known][0]! : uuidv7();
  const operations = chosen.flatMap((annotation) => setGroup(annotation, group));
  if (operations.length === 0) return;
  editor.commit(t('objects.steps.group', { count: chosen.length }), operations);
  editor.announcements.emit(t('objects.groups.made', { count: chosen.length }));
}

export function ungroupSelection(editor: Editor): void {
  const chosen = editor.selected().map((entry) => entry.annotation);
  const operations = chosen.flatMap((annotation) => setGroup(annotation, null));
  if (operations.length > 0) editor.commit(t('objects.steps.ungroup'), operations);
}

export function membersOf(editor: Editor, groups: ReadonlySet<string>): string[] {
  return editor.store
    .ordered()
    .flatMap(({ annotation: { id, group } }) =>
      group !== undefined && group !== null && groups.has(group) ? [id] : [],
    );
}

export function groupsOfSelection(editor: Editor): Set<string> {
  return new Set(editor.selected().flatMap((entry) => entry.annotation.group ?? []));
}

export function selectWholeGroups(editor: Editor): void {
  editor.select([...editor.selection.get(), ...membersOf(editor, groupsOfSelection(editor))]);
}
