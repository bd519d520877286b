/**
 * Objects on their way to another place, image or tab. What is pasted was written by somebody:
 * it is checked whole before anything of it is taken, and the refusal says what is too much.
 */
import { uuidv7 } from '../../kernel/ids';
import type { Annotation, AttributeValue, Relation, Shape } from '../../kernel/records';
import type { Size } from '../camera';
import type { Label } from '../labels';

export const kClipVersion = 1;
export const kObjectsMax = 2_000;
export const kPointsMax = 200_000;
export const kTextMax = 16_000_000;

export interface Clip {
  annotateai: typeof kClipVersion;
  /** Where it was copied: its labels are known by id there, by name elsewhere. */
  labels: Record<string, string>;
  /** Of the image it comes from. */
  size: Size | null;
  objects: readonly Annotation[];
}

export function clipOf(
  objects: readonly Annotation[],
  labels: readonly Label[],
  size: Size | null,
): Clip {
  const used = new Set(objects.map((object) => object.label_id));
  const names = labels.filter(({ id }) => used.has(id)).map(({ id, name }) => [id, name]);
  return {
    annotateai: kClipVersion,
    labels: Object.fromEntries(names) as Record<string, string>,
    size,
    objects,
  };
}

export type Refusal =
  | { kind: 'not_objects' }
  | { kind: 'version'; version: number }
  | { kind: 'too_long'; most: number }
  | { kind: 'too_many_objects'; found: number; most: number }
  | { kind: 'too_many_points'; found: number; most: number }
  | { kind: 'bad_object'; number: number };

export type Reading = { ok: true; clip: Clip } | { ok: false; refusal: Refusal };

const refuse = (refusal: Refusal): Reading => ({ ok: false, refusal });

/** A clip of ours, a list of annotations, or the answer of `GET /assets/{id}/annotations`. */
export function readClip(text: string): Reading {
  if (text.length > kTextMax) return refuse({ kind: 'too_long', most: kTextMax });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse({ kind: 'not_objects' });
  }
  return checkClip(value);
}

export function checkClip(value: unknown): Reading {
  const list = listOf(value);
  if (!list) return refuse({ kind: 'not_objects' });
  const outer = isRecord(value) ? value : {};
  const version = outer.annotateai;
  if (typeof version === 'number' && version > kClipVersion) {
    return refuse({ kind: 'version', version });
  }
  if (list.length === 0) return refuse({ kind: 'not_objects' });
  if (list.length > kObjectsMax) {
    return refuse({ kind: 'too_many_objects', found: list.length, most: kObjectsMax });
  }
  const points = countPoints(list);
  if (points > kPointsMax) {
    return refuse({ kind: 'too_many_points', found: points, most: kPointsMax });
  }
  const objects: Annotation[] = [];
  for (const [index, item] of list.entries()) {
    const object = readObject(item);
    if (!object) return refuse({ kind: 'bad_object', number: index + 1 });
    objects.push(object);
  }
  const clip = {
    annotateai: kClipVersion,
    labels: namesOf(outer.labels),
    size: sizeOf(outer.size),
  };
  return { ok: true, clip: { ...clip, objects } as Clip };
}

type Fields = Record<string, unknown>;

function isRecord(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function listOf(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value;
  if (!isRecord(value)) return null;
  if (Array.isArray(value.objects)) return value.objects;
  if (Array.isArray(value.items)) return value.items;
  return isRecord(value.shape) ? [value] : null;
}

function namesOf(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  const named = Object.entries(value).filter(([, name]) => typeof name === 'string');
  return Object.fromEntries(named) as Record<string, string>;
}

function sizeOf(value: unknown): Size | null {
  if (!isRecord(value)) return null;
  const { width, height } = value;
  return typeof width === 'number' && typeof height === 'number' ? { width, height } : null;
}

/** No shape nests deeper; what does is refused before it fills the stack. */
const kDeepest = 16;

/** Every pair of numbers: what makes a paste heavy. */
function countPoints(value: unknown, depth = 0): number {
  if (depth > kDeepest) return 0;
  if (Array.isArray(value)) {
    if (value.length === 2 && typeof value[0] === 'number') return 1;
    let count = 0;
    for (const item of value) if (typeof item === 'object') count += countPoints(item, depth + 1);
    return count;
  }
  if (!isRecord(value)) return 0;
  let count = 0;
  for (const item of Object.values(value)) count += countPoints(item, depth + 1);
  return count;
}

const kShapeTypes = new Set([
  'box',
  'polygon',
  'polyline',
  'points',
  'mask',
  'skeleton',
  'ellipse',
  'cuboid_2d',
  'tag',
]);

function readObject(item: unknown): Annotation | null {
  if (!isRecord(item) || !isRecord(item.shape)) return null;
  if (!kShapeTypes.has(String(item.shape.type)) || !finite(item.shape)) return null;
  const { id, label_id, attributes, group, relations } = item;
  return {
    id: typeof id === 'string' ? id : uuidv7(),
    label_id: typeof label_id === 'string' ? label_id : null,
    shape: item.shape as unknown as Shape,
    attributes: isRecord(attributes) ? (attributes as Record<string, AttributeValue>) : {},
    ...(typeof group === 'string' && group !== '' && { group: group.slice(0, 64) }),
    ...(Array.isArray(relations) && { relations: relations.flatMap(readRelation) }),
  };
}

function readRelation(value: unknown): Relation[] {
  if (!isRecord(value) || typeof value.to !== 'string') return [];
  return [{ to: value.to, ...(typeof value.kind === 'string' && { kind: value.kind }) }];
}

const kFarthest = 1e7;

function finite(value: unknown, depth = 0): boolean {
  if (depth > kDeepest) return false;
  if (typeof value === 'number') return Number.isFinite(value) && Math.abs(value) <= kFarthest;
  if (Array.isArray(value)) return value.every((item) => finite(item, depth + 1));
  return isRecord(value) ? Object.values(value).every((item) => finite(item, depth + 1)) : true;
}

export interface Target {
  labels: readonly Label[];
  size: Size;
  /** Takes what the label does not take; null when there is none. */
  fallback(shape: Shape): Label | null;
  takes(label: Label, type: Shape['type']): boolean;
}

export interface Landed {
  copies: Annotation[];
  /** Objects that no label here takes, and masks of another image's size. */
  left: number;
}

/** Copies with ids of their own; groups and arrows among them lead to the copies. */
export function land(clip: Clip, target: Target): Landed {
  const ids = new Map(clip.objects.map(({ id }) => [id, uuidv7()]));
  const groups = new Map<string, string>();
  let left = 0;
  const copies = clip.objects.flatMap((original): Annotation[] => {
    const label = labelFor(clip, original, target);
    if (!label || !fits(original.shape, target.size)) {
      left += 1;
      return [];
    }
    const { attributes, shape } = original;
    const copy: Annotation = {
      id: ids.get(original.id)!,
      label_id: label.id,
      attributes: attributesFor(label, attributes),
      shape,
      source: 'manual',
    };
    if (original.group) copy.group = renamed(groups, original.group);
    const relations = (original.relations ?? []).flatMap((relation): Relation[] => {
      const to = ids.get(relation.to);
      return to ? [{ ...relation, to }] : [];
    });
    if (relations.length > 0) copy.relations = relations;
    return [copy];
  });
  const landed = new Set(copies.map(({ id }) => id));
  for (const copy of copies) {
    if (copy.relations) copy.relations = copy.relations.filter(({ to }) => landed.has(to));
  }
  return { copies, left };
}

function renamed(groups: Map<string, string>, group: string): string {
  const known = groups.get(group);
  if (known) return known;
  const name = uuidv7();
  groups.set(group, name);
  return name;
}

function labelFor(clip: Clip, { label_id, shape }: Annotation, target: Target): Label | null {
  const name = (label_id === null ? '' : (clip.labels[label_id] ?? '')).trim().toLowerCase();
  const known =
    target.labels.find((label) => label.id === label_id) ??
    target.labels.find((label) => name !== '' && label.name.trim().toLowerCase() === name);
  if (known && target.takes(known, shape.type)) return known;
  return target.fallback(shape);
}

function fits(shape: Shape, { width, height }: Size): boolean {
  if (shape.type !== 'mask') return true;
  return shape.rle.size[0] === height && shape.rle.size[1] === width;
}

/** Only attributes that the label has: the server takes no others. */
function attributesFor(
  { attributes: known = [] }: Label,
  values: Readonly<Record<string, AttributeValue>>,
): Record<string, AttributeValue> {
  const names = new Set(known.map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}
