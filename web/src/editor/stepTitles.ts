/** Names for steps of earlier visits: only the operations that take them back are known. */
import { t, type MessageKey } from '@/i18n/i18n';
import type { Operation, OperationDraft } from '../kernel/records';
import type { Step } from './history';

export function titled(steps: readonly Omit<Step, 'title'>[]): Step[] {
  return steps.map((step) => ({ ...step, title: t(titleOf(step.operations)) }));
}

function titleOf(operations: readonly OperationDraft[]): MessageKey {
  const kinds = new Set(operations.map(kindOf));
  const [kind] = kinds;
  if (kind === undefined || kinds.size > 1) return 'commands.groups.edit';
  return kind;
}

function kindOf(draft: OperationDraft): MessageKey {
  const inverse = draft as Operation;
  switch (inverse.op) {
    case 'del':
      return 'editor.steps.addObject';
    case 'put':
      return 'editor.steps.replace';
    case 'set':
      return kFields[inverse.field] ?? 'editor.steps.attribute';
    case 'reorder':
      return 'editor.steps.order';
    case 'mask_paint':
      return 'masks.steps.paint';
    case 'vertex_insert':
      return 'tools.steps.deleteVertex';
    case 'vertex_del':
      return 'tools.steps.addVertex';
    case 'vertex_set':
      return 'tools.steps.moveVertex';
    default:
      return 'commands.groups.edit';
  }
}

const kFields: Record<string, MessageKey> = {
  label_id: 'objects.steps.relabel',
  shape: 'structure.steps.reshape',
};
