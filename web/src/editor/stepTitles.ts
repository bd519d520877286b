/** Names for steps of earlier visits: only the operations that take them back are known. */
import type { Operation, OperationDraft } from '../kernel/records';
import type { Step } from './history';

export function titled(steps: readonly Omit<Step, 'title'>[]): Step[] {
  return steps.map((step) => ({ ...step, title: titleOf(step.operations) }));
}

function titleOf(operations: readonly OperationDraft[]): string {
  const kinds = new Set(operations.map(kindOf));
  const [kind] = kinds;
  if (kind === undefined || kinds.size > 1) return 'Edit';
  return kind;
}

function kindOf(draft: OperationDraft): string {
  const inverse = draft as Operation;
  switch (inverse.op) {
    case 'del':
      return 'Add object';
    case 'put':
      return 'Delete or replace object';
    case 'set':
      return kFields[inverse.field] ?? 'Change attribute';
    case 'reorder':
      return 'Change order';
    case 'mask_paint':
      return 'Paint';
    case 'vertex_insert':
      return 'Delete vertex';
    case 'vertex_del':
      return 'Add vertex';
    case 'vertex_set':
      return 'Move vertex';
    default:
      return 'Edit';
  }
}

const kFields: Record<string, string> = {
  label_id: 'Change label',
  shape: 'Change shape',
};
