/** The label editor's state: labels as typed so far, which need not be valid yet. */
import type { Label, LabelAttribute, LabelInput, LabelKind } from '@/net/api';
import type { MessageKey } from '@/i18n/i18n';
import type { ImportedLabel } from './importLabels/imported';
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
    attributes: label.attributes.map(attributeDraftOf),
    ...(label.skeleton ? { skeleton: label.skeleton } : {}),
  }));
}

function attributeDraftOf({ options, ...attribute }: LabelAttribute): AttributeDraft {
  return { ...attribute, key: nextKey(), choices: joinChoices(options ?? []) };
}

/** Separated by commas; one that has a comma itself stands in double quotes. */
export function splitChoices(text: string): string[] {
  const items = text.match(/\s*"(?:[^"]|"")*"|[^,\n]+/g) ?? [];
  const choices = items.map((item) => {
    const quoted = /^"([^]*)"$/.exec(item.trim())?.[1];
    return (quoted?.replaceAll('""', '"') ?? item).trim();
  });
  return [...new Set(choices.filter(Boolean))];
}

export function joinChoices(choices: readonly string[]): string {
  const quoted = (choice: string) => `"${choice.replaceAll('"', '""')}"`;
  return choices.map((one) => (/[,"\n]/.test(one) ? quoted(one) : one)).join(', ');
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
  if (!fitsOptions(result)) delete result.default_value;
  return result;
}

/** A choice that is gone cannot be the one set at first. */
function fitsOptions({ kind, options, default_value: value }: LabelAttribute): boolean {
  if (value === undefined || !takesChoices(kind) || typeof value === 'boolean') return true;
  const wanted = Array.isArray(value) ? value : [String(value)];
  return wanted.every((one) => options?.includes(one));
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
export type LabelErrors = ReadonlyMap<number, MessageKey>;

export function checkLabels(drafts: readonly LabelDraft[]): LabelErrors {
  const errors = new Map<number, MessageKey>();
  const names = new Set<string>();
  for (const draft of drafts) {
    const name = normal(draft.name);
    if (name === '') errors.set(draft.key, 'labels.errors.noName');
    else if (names.has(name)) errors.set(draft.key, 'labels.errors.sameName');
    names.add(name);
    checkAttributes(draft.attributes, errors);
  }
  return errors;
}

function checkAttributes(
  attributes: readonly AttributeDraft[],
  errors: Map<number, MessageKey>,
): void {
  const names = new Set<string>();
  for (const attribute of attributes) {
    const name = normal(attribute.name);
    if (name === '') errors.set(attribute.key, 'labels.errors.noAttributeName');
    else if (names.has(name)) errors.set(attribute.key, 'labels.errors.sameAttributeName');
    else if (needsChoices(attribute) && splitChoices(attribute.choices).length < 2) {
      errors.set(attribute.key, 'labels.errors.choices');
    } else if (attribute.kind === 'number') checkRange(attribute, errors);
    names.add(name);
  }
}

function checkRange(attribute: AttributeDraft, errors: Map<number, MessageKey>): void {
  const { key, min = -Infinity, max = Infinity, default_value: value } = attribute;
  if (min > max) errors.set(key, 'labels.errors.range');
  else if (typeof value === 'number' && (value < min || value > max)) {
    errors.set(key, 'labels.errors.defaultRange');
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

/** Adds what another tool had; labels that are there keep what they are. */
export function addImported(
  drafts: readonly LabelDraft[],
  labels: readonly ImportedLabel[],
): LabelDraft[] {
  const result = [...drafts];
  const known = new Set(drafts.map((draft) => normal(draft.name)));
  for (const { name, color, kind, attributes, skeleton } of labels) {
    if (known.has(normal(name))) continue;
    known.add(normal(name));
    const fresh = draftOf(name, result);
    result.push({
      ...fresh,
      kind,
      color: color ?? fresh.color,
      attributes: attributes.map(attributeDraftOf),
      ...(skeleton && { skeleton }),
    });
  }
  return result;
}

/** A copy under a name of its own, right after the original. */
export function duplicateAt(drafts: readonly LabelDraft[], index: number): LabelDraft[] {
  const original = drafts[index];
  if (!original) return [...drafts];
  const names = new Set(drafts.map((draft) => normal(draft.name)));
  let number = 2;
  while (names.has(normal(`${original.name} ${number}`))) number += 1;
  const { id: _id, ...rest } = structuredClone(original);
  const { key, color } = draftOf('', drafts);
  const attributes = rest.attributes.map((one) => ({ ...one, key: nextKey() }));
  const copy = { ...rest, key, color, attributes, name: `${original.name} ${number}`.trim() };
  return [...drafts.slice(0, index + 1), copy, ...drafts.slice(index + 1)];
}

export function moveItem<T>(items: readonly T[], from: number, to: number): T[] {
  const result = [...items];
  const [item] = result.splice(from, 1);
  if (item !== undefined) result.splice(Math.max(0, Math.min(to, result.length)), 0, item);
  return result;
}
