/** What several objects have in common. */
import type { AttributeDefinition, Label } from '@/editor/labels';
import type { Annotation, AttributeValue } from '@/kernel/records';

/** The objects have different values. */
export const kMixed = Symbol('mixed');
export type CommonValue = AttributeValue | typeof kMixed;

/** The attributes that the labels of all objects define alike. */
export function commonDefinitions(
  annotations: readonly Annotation[],
  labels: readonly Label[],
): AttributeDefinition[] {
  const ids = [...new Set(annotations.map((annotation) => annotation.label_id))];
  const [first = [], ...others] = ids.map(
    (id) => labels.find((label) => label.id === id)?.attributes ?? [],
  );
  const same = (a: AttributeDefinition, b: AttributeDefinition) =>
    a.name === b.name && a.kind === b.kind && String(a.options) === String(b.options);
  return first.filter((one) => others.every((list) => list.some((other) => same(one, other))));
}

export function commonValue(annotations: readonly Annotation[], name: string): CommonValue {
  const [first = null, ...others] = annotations.map((one) => one.attributes[name] ?? null);
  const text = JSON.stringify(first);
  return others.every((other) => JSON.stringify(other) === text) ? first : kMixed;
}

export type ValueFault = 'number' | 'low' | 'high' | 'long';

/** Why the server would not take what was typed; null when it would. */
export function faultOfText(definition: AttributeDefinition, text: string): ValueFault | null {
  const { kind, min = -Infinity, max = Infinity } = definition;
  if (kind === 'text') return new TextEncoder().encode(text).length > max ? 'long' : null;
  const value = Number(text);
  if (!Number.isFinite(value)) return 'number';
  if (value < min) return 'low';
  return value > max ? 'high' : null;
}
