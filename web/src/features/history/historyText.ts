/** Words for what was done: "moved Car 3". */
import { t } from '@/i18n/i18n';
import type { history } from '@/i18n/en/history';
import type { Operation, Shape } from '@/kernel/records';
import type { HistoryItem } from '@/net/historyRoutes';

/** How objects and labels are called here and now. */
export interface Names {
  object(id: string): string | null;
  label(id: string | null): string | null;
}

export interface Deed {
  verb: string;
  /** The object it was done to. */
  target: string;
  phrase: Phrase;
}

/** The sentence, given what the object or objects are called. */
export type Phrase = (what: string) => string;

function deed(key: keyof typeof history.deeds, values: Record<string, string> = {}): Phrase {
  return (what) => t(`history.deeds.${key}`, { ...values, what });
}

export function targetOf(operation: Operation): string {
  return operation.op === 'put' ? operation.annotation.id : operation.target;
}

export function deedOf({ operation, undoes, source }: HistoryItem, names: Names): Deed {
  const target = targetOf(operation);
  const plain = plainDeed(operation, names);
  if (undoes) return { target, verb: `undo/${plain.verb}`, phrase: deed('undo') };
  if (operation.op === 'put' && source === 'import') {
    return { target, verb: 'import', phrase: deed('import') };
  }
  return { target, ...plain };
}

function plainDeed(operation: Operation, names: Names): { verb: string; phrase: Phrase } {
  switch (operation.op) {
    case 'put':
      return { verb: 'add', phrase: deed('add') };
    case 'del':
      return { verb: 'delete', phrase: deed('delete') };
    case 'set':
      return setDeed(operation, names);
    case 'vertex_insert':
    case 'vertex_set':
    case 'vertex_del':
      return { verb: 'outline', phrase: deed('outline') };
    case 'mask_paint':
      return operation.mode === 'erase'
        ? { verb: 'erase', phrase: deed('erase') }
        : { verb: 'paint', phrase: deed('paint') };
    case 'reorder':
      return { verb: 'reorder', phrase: deed('reorder') };
    case 'keyframe_put':
    case 'keyframe_del':
      return { verb: 'keyframe', phrase: deed('keyframe') };
    default:
      return otherDeed(operation as unknown as Record<string, unknown>);
  }
}

/** Operations that this build does not know by name. */
function otherDeed(operation: Record<string, unknown>): { verb: string; phrase: Phrase } {
  const { op, field } = operation;
  if (op === 'text_edit' && typeof field === 'string') {
    return { verb: field, phrase: deed('edit', { field: attributeName(field) }) };
  }
  return { verb: String(op), phrase: deed('change') };
}

function setDeed(
  { field, value, prev }: Operation & { op: 'set' },
  names: Names,
): { verb: string; phrase: Phrase } {
  if (field === 'shape') return shapeDeed(prev as Shape | undefined, value as Shape);
  if (field === 'label_id') {
    const label = names.label(value as string | null);
    const phrase = label ? deed('labelTo', { label }) : deed('label');
    return { verb: `label ${String(value)}`, phrase };
  }
  if (field === 'attributes') return { verb: field, phrase: deed('attributes') };
  if (field.startsWith('attributes.')) {
    return { verb: field, phrase: deed('attribute', { field: attributeName(field) }) };
  }
  return { verb: field, phrase: deed('field', { field }) };
}

function attributeName(field: string): string {
  return field.replace(/^attributes\./, '');
}

function shapeDeed(before: Shape | undefined, after: Shape): { verb: string; phrase: Phrase } {
  if (!before || before.type !== after.type) return { verb: 'shape', phrase: deed('redraw') };
  if (before.type === 'box' && after.type === 'box') {
    const size = before.width === after.width && before.height === after.height;
    if (!size) return { verb: 'resize', phrase: deed('resize') };
    const turned = (before.rotation ?? 0) !== (after.rotation ?? 0);
    return turned ? { verb: 'turn', phrase: deed('turn') } : { verb: 'move', phrase: deed('move') };
  }
  return onlyMoved(before, after)
    ? { verb: 'move', phrase: deed('move') }
    : { verb: 'shape', phrase: deed('reshape') };
}

const kSameShift = 1e-3;

/** Whether all points went the same way. */
function onlyMoved(before: Shape, after: Shape): boolean {
  const from = numbersOf(before);
  const to = numbersOf(after);
  if (from.length === 0 || from.length !== to.length) return false;
  const dx = to[0]! - from[0]!;
  const dy = to[1]! - from[1]!;
  return from.every(
    (value, index) => Math.abs(to[index]! - value - (index % 2 ? dy : dx)) < kSameShift,
  );
}

/** The coordinates of all points, x and y by turns. */
function numbersOf(shape: Shape): number[] {
  const out: number[] = [];
  const visit = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    if (value.length === 2 && value.every((item) => typeof item === 'number')) {
      out.push(...(value as number[]));
    } else value.forEach(visit);
  };
  if (shape.type === 'polygon') {
    for (const part of shape.parts ?? [{ points: shape.points }]) {
      visit(part.points);
      visit('holes' in part ? part.holes : undefined);
    }
  } else if (shape.type === 'polyline' || shape.type === 'points') visit(shape.points);
  return out;
}
