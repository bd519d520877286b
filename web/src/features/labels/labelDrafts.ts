/** The label editor's state: labels as typed so far, which need not be valid yet. */
import type { Label, LabelAttribute, LabelInput, LabelKind } from '@/net/api';
import { nextColor } from './palette';

/** What the editor does not show is carried along, so that saving loses nothing. */
export interface AttributeDraft extends Omit<LabelAttribute, 'options'> {
  key: number;
  /** The choices as typed, separated by commas. */
  choices: string;
}

export interface LabelDraft {
  /** Identifies the row while it is edited, also before it has an id or a name. */
  key: number;
  id?: string;
  name: string;
  color: string;
  kind: LabelKind;
  attributes: AttributeDraft[];
  skeleton?: LabelInput['skeleton'];
}

let lastKey = 0;

export function nextKey(): number {
  lastKey += 1;
  return lastKey;
}

export function draftOf(name: string, others: readonly { color: string }[]): LabelDraft {
  const color = nextColor(others.map((label) => label.color));
  return { key: nextKey(), name, color, kind: 'any', attributes: [] };
}

export function draftsOf(labels: readonly Label[]): LabelDraft[] {
  return labels.map((label) => ({
    key: nextKey(),
    id: label.id,
    name: label.name,
    color: label.color,
    kind: label.kind,
    attributes: label.attributes.map(({ options, ...attribute }) => ({
      ...attribute,
      key: nextKey(),
      choices: (options ?? []).join(', '),
    })),
    ...(label.skeleton ? { skeleton: label.skeleton } : {}),
  }));
}

export function splitChoices(text: string): string[] {
  const choices = text.split(/[,\n]/).map((choice) => choice.trim());
  return [...new Set(choices.filter(Boolean))];
}

export function inputsOf(drafts: readonly LabelDraft[]): LabelInput[] {
  return drafts.map((draft) => ({
    ...(draft.id ? { id: draft.id } : {}),
    name: draft.name.trim(),
    color: draft.color,
    kind: draft.kind,
    attributes: draft.attributes.map(attributeOf),
    ...(draft.skeleton ? { skeleton: draft.skeleton } : {}),
  }));
}

function attributeOf({ key: _key, choices, ...attribute }: AttributeDraft): LabelAttribute {
  const options = takesChoices(attribute.kind) ? splitChoices(choices) : [];
  const result: LabelAttribute = { ...attribute, name: attribute.name.trim() };
  if (options.length > 0) result.options = options;
  return result;
}

export function takesChoices(kind: LabelAttribute['kind']): boolean {
  return kind === 'select' || kind === 'radio' || kind === 'checkbox';
}

/** The draft as another kind: what only the old kind understood is dropped. */
export function changeKind(draft: AttributeDraft, kind: LabelAttribute['kind']): AttributeDraft {
  const { default_value: _value, min: _min, max: _max, ...rest } = draft;
  return { ...rest, kind };
}

/** Messages by the key of the label or attribute row. */
export type LabelErrors = ReadonlyMap<number, string>;

export function checkLabels(drafts: readonly LabelDraft[]): LabelErrors {
  const errors = new Map<number, string>();
  const names = new Set<string>();
  for (const draft of drafts) {
    const name = normal(draft.name);
    if (name === '') errors.set(draft.key, 'Give this label a name.');
    else if (names.has(name)) errors.set(draft.key, 'Another label has this name.');
    names.add(name);
    checkAttributes(draft.attributes, errors);
  }
  return errors;
}

function checkAttributes(attributes: readonly AttributeDraft[], errors: Map<number, string>): void {
  const names = new Set<string>();
  for (const attribute of attributes) {
    const name = normal(attribute.name);
    if (name === '') errors.set(attribute.key, 'Give this attribute a name.');
    else if (names.has(name)) errors.set(attribute.key, 'Another attribute has this name.');
    else if (needsChoices(attribute) && splitChoices(attribute.choices).length < 2) {
      errors.set(attribute.key, 'List two choices or more, separated by commas.');
    }
    names.add(name);
  }
}

function needsChoices({ kind }: AttributeDraft): boolean {
  return kind === 'select' || kind === 'radio';
}

export function labelsHaveErrors(errors: LabelErrors): boolean {
  return errors.size > 0;
}

function normal(name: string): string {
  return name.trim().toLocaleLowerCase();
}

/** Adds names that are not there yet, each with a colour of its own. */
export function addNames(drafts: readonly LabelDraft[], names: readonly string[]): LabelDraft[] {
  const result = [...drafts];
  const known = new Set(drafts.map((draft) => normal(draft.name)));
  for (const name of names) {
    const trimmed = name.trim();
    if (trimmed === '' || known.has(normal(trimmed))) continue;
    known.add(normal(trimmed));
    result.push(draftOf(trimmed, result));
  }
  return result;
}

export function moveItem<T>(items: readonly T[], from: number, to: number): T[] {
  const result = [...items];
  const [item] = result.splice(from, 1);
  if (item !== undefined) result.splice(Math.max(0, Math.min(to, result.length)), 0, item);
  return result;
}
