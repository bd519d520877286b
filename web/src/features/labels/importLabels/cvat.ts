/** The labels of a CVAT project or task, as its raw label editor shows them. */
import type { AttributeKind, LabelAttribute, LabelKind, SkeletonTemplate } from '@/net/api';
import { colorOf, isObject, kLimits, Reading, textOf, type Imported, type Json } from './imported';
import { elements, parseXml, type XmlElement } from './xml';

const kKinds: Record<string, LabelKind> = {
  any: 'any',
  rectangle: 'box',
  polygon: 'polygon',
  polyline: 'polyline',
  points: 'points',
  ellipse: 'ellipse',
  cuboid: 'cuboid',
  skeleton: 'skeleton',
  mask: 'mask',
  tag: 'tag',
};
const kInputs: readonly string[] = ['select', 'radio', 'checkbox', 'number', 'text'];

export function readCvat(list: readonly unknown[]): Imported {
  const reading = new Reading('cvat');
  list.forEach((item, index) => {
    if (isObject(item)) readLabel(item, reading);
    else reading.problem(`${index + 1}`, 'labels.import.problems.noLabel');
  });
  return reading.done();
}

function readLabel(item: Json, reading: Reading): void {
  const name = textOf(item['name']);
  const type = textOf(item['type']) || 'any';
  const kind = kKinds[type] ?? 'any';
  if (!kKinds[type]) reading.problem(name, 'labels.import.problems.kind', { kind: type });
  const color = colorOf(item['color']);
  const skeleton = kind === 'skeleton' ? readSkeleton(item, name, reading) : undefined;
  const listed = Array.isArray(item['attributes']) ? item['attributes'] : [];
  const attributes = listed.flatMap((one: unknown) => readAttribute(one, name, reading));
  reading.add({ name, kind, attributes, ...(color && { color }), ...(skeleton && { skeleton }) });
}

function readAttribute(item: unknown, label: string, reading: Reading): LabelAttribute[] {
  if (!isObject(item) || !kInputs.includes(textOf(item['input_type']))) {
    const name = isObject(item) ? textOf(item['name']) : '';
    reading.problem(label, 'labels.import.problems.attribute', { name });
    return [];
  }
  const kind = textOf(item['input_type']) as AttributeKind;
  const values = Array.isArray(item['values']) ? item['values'].map(textOf) : [];
  const attribute: LabelAttribute = { name: textOf(item['name']), kind };
  if (item['mutable'] === true) attribute.per_frame = true;
  if (kind === 'select' || kind === 'radio')
    attribute.options = [...new Set(values.filter(Boolean))];
  if (kind === 'number') addRange(attribute, values);
  addDefault(attribute, textOf(item['default_value']));
  return [attribute];
}

/** `min;max;step`, in one string or in three. */
function addRange(attribute: LabelAttribute, values: readonly string[]): void {
  const [min, max] = values.flatMap((value) => value.split(';')).map(Number);
  if (min !== undefined && Number.isFinite(min)) attribute.min = min;
  if (max !== undefined && Number.isFinite(max)) attribute.max = max;
}

function addDefault(attribute: LabelAttribute, text: string): void {
  if (text === '') return;
  const { kind, options, min = -Infinity, max = Infinity } = attribute;
  if (kind === 'checkbox') attribute.default_value = text.toLowerCase() === 'true';
  else if (kind === 'number') {
    const number = Number(text);
    if (number >= min && number <= max) attribute.default_value = number;
  } else if (kind === 'text' || options?.includes(text)) attribute.default_value = text;
}

/** Points are the sublabels; the drawing says where they stand and what joins them. */
function readSkeleton(item: Json, label: string, reading: Reading): SkeletonTemplate | undefined {
  const sublabels = (Array.isArray(item['sublabels']) ? item['sublabels'] : []).filter(isObject);
  const points = [...new Set(sublabels.map((one) => textOf(one['name'])).filter(Boolean))];
  if (points.length === 0 || points.length > kLimits.points) {
    reading.problem(label, 'labels.import.problems.skeleton');
    return undefined;
  }
  const drawing = parseXml(`<svg>${textOf(item['svg'])}</svg>`);
  if (!drawing) {
    reading.problem(label, 'labels.import.problems.drawing');
    return { points, edges: [] };
  }
  return fromDrawing(points, sublabels, elements(drawing));
}

function fromDrawing(points: string[], sublabels: readonly Json[], drawn: readonly XmlElement[]) {
  const names = new Map(sublabels.map((one) => [textOf(one['id']), textOf(one['name'])]));
  const nodes = new Map<string, number>();
  const places = new Map<number, [number, number]>();
  for (const node of drawn.filter((element) => element.localName === 'circle')) {
    const named = node.attributes.get('data-label-name');
    const name = named ?? names.get(node.attributes.get('data-label-id') ?? '') ?? '';
    const index = points.indexOf(name.trim());
    if (index < 0) continue;
    nodes.set(node.attributes.get('data-node-id') ?? '', index);
    places.set(index, [percent(node.attributes.get('cx')), percent(node.attributes.get('cy'))]);
  }
  const edges = drawn.flatMap((line): [number, number][] => {
    const from = nodes.get(line.attributes.get('data-node-from') ?? '');
    const to = nodes.get(line.attributes.get('data-node-to') ?? '');
    return from === undefined || to === undefined || from === to ? [] : [[from, to]];
  });
  const template: SkeletonTemplate = { points, edges };
  if (places.size === points.length) {
    template.positions = points.map((_, index) => places.get(index)!);
  }
  return template;
}

/** CVAT draws on a square of 100. */
function percent(text: string | undefined): number {
  const value = Number(text) / 100;
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0.5;
}
