/** Makes one polygon of several objects; the first one stays, with its label and attributes. */
import { t } from '../../i18n/i18n';
import type { OperationDraft } from '../../kernel/records';
import type { Editor } from '../editor';
import type { Entry } from '../store';
import { loadClip, polygonOf, regionOf, unite } from './region';

export function isJoinable({ annotation: { shape } }: Entry): boolean {
  return shape.type === 'polygon' || shape.type === 'box' || shape.type === 'ellipse';
}

export function joinable(editor: Editor): Entry[] {
  return editor
    .selected()
    .filter((entry) => isJoinable(entry) && editor.mayChange(entry.annotation.id));
}

export async function join(editor: Editor): Promise<void> {
  if (joinable(editor).length < 2) {
    return editor.notices.emit({ tone: 'info', code: 'join_needs_two' });
  }
  const clip = await loadClip();
  const [first, ...others] = joinable(editor);
  if (!first || others.length === 0) return;
  const regions = [first, ...others].flatMap(
    ({ annotation }) => regionOf(annotation.shape, editor.kernel) ?? [],
  );
  const { id: target, shape: prev } = first.annotation;
  const value = polygonOf(
    unite(
      clip,
      regions.map((part) => [part]),
    ),
  );
  const operations: OperationDraft[] = [
    { op: 'set', target, field: 'shape', value, prev },
    ...others.map(({ annotation }): OperationDraft => ({ op: 'del', target: annotation.id })),
  ];
  if (editor.commit(t('tools.steps.join'), operations)) editor.select([target]);
}
