/**
 * The labels of a project may change while somebody draws: the server then refuses what was drawn
 * under a label that is gone, or that takes another shape now. The drawing is kept, under a label
 * that takes it.
 */
import type { Annotation, Operation } from '../kernel/records';
import { uuidv7 } from '../kernel/ids';
import { takesShape, type Label } from './labels';

/** Objects that were to be added and whose label is not among `labels`, or not for their shape. */
export function strayed(operations: readonly Operation[], labels: readonly Label[]): Annotation[] {
  return operations.flatMap((operation) => {
    if (operation.op !== 'put') return [];
    const { annotation } = operation;
    const label = labels.find(({ id }) => id === annotation.label_id);
    return label && takesShape(label, annotation.shape.type) ? [] : [annotation];
  });
}

/** The object anew under `label`, with those of its attributes that this label knows. */
export function under(label: Label, { asset_id, attributes, ...rest }: Annotation): Annotation {
  const known = new Set((label.attributes ?? []).map(({ name }) => name));
  const kept = Object.entries(attributes).filter(([name]) => known.has(name));
  return { ...rest, id: uuidv7(), label_id: label.id, attributes: Object.fromEntries(kept) };
}
