/** A labelling configuration of Label Studio: control tags and what stands in them. */
import type { LabelAttribute, LabelKind } from '@/net/api';
import { colorOf, Reading, type Imported, type ImportedLabel } from './imported';
import { elements, parseXml, type XmlElement } from './xml';

const kControls: Record<string, LabelKind> = {
  Labels: 'any',
  RectangleLabels: 'box',
  PolygonLabels: 'polygon',
  BrushLabels: 'mask',
  BitmaskLabels: 'mask',
  EllipseLabels: 'ellipse',
  KeyPointLabels: 'points',
  VectorLabels: 'polyline',
};
const kIgnored = new Set([
  'View',
  'Image',
  'Header',
  'Label',
  'Choice',
  'Style',
  'Collapse',
  'Panel',
  'Rectangle',
  'Polygon',
  'Brush',
  'Ellipse',
  'KeyPoint',
  'Zoom',
  'Shortcut',
]);

/** Null when it is no XML. */
export function readLabelStudio(text: string): Imported | null {
  const parsed = parseXml(text);
  if (!parsed) return null;
  const reading = new Reading('label_studio');
  const all = elements(parsed);
  const found = new Map<string, ImportedLabel>();
  for (const control of all) {
    const kind = kControls[control.localName];
    if (kind) readControl(control, kind, found);
    else if (!kIgnored.has(control.localName) && !isAttribute(control)) {
      const name = control.localName;
      reading.problem(name, 'labels.import.problems.control', { name });
    }
  }
  for (const control of all.filter(isAttribute)) readChoice(control, found, reading);
  for (const label of found.values()) reading.add(label);
  return reading.done();
}

/** A name under two controls takes both shapes. */
function readControl(
  control: XmlElement,
  kind: LabelKind,
  found: Map<string, ImportedLabel>,
): void {
  for (const item of control.children.filter((one) => one.localName === 'Label')) {
    const name = nameOf(item);
    const known = found.get(name);
    const color = colorOf(item.attributes.get('background'));
    if (known) known.kind = known.kind === kind ? kind : 'any';
    else found.set(name, { name, kind, attributes: [], ...(color && { color }) });
  }
}

function nameOf(item: XmlElement): string {
  return (item.attributes.get('value') ?? '').trim();
}

function isAttribute({ localName }: XmlElement): boolean {
  return ['Choices', 'TextArea', 'Number', 'Rating', 'Taxonomy'].includes(localName);
}

/** Of a region: an attribute of the labels it is for. Of the image: tags. */
function readChoice(
  control: XmlElement,
  found: Map<string, ImportedLabel>,
  reading: Reading,
): void {
  const options = [
    ...new Set(control.children.filter((one) => one.localName === 'Choice').map(nameOf)),
  ];
  if (control.attributes.get('perRegion') !== 'true') {
    if (control.localName !== 'Choices') {
      return reading.problem(
        control.attributes.get('name') ?? control.localName,
        'labels.import.problems.ofImage',
      );
    }
    for (const name of options) {
      if (!found.has(name)) found.set(name, { name, kind: 'tag', attributes: [] });
    }
    return;
  }
  const attribute = attributeOf(control, options);
  if (!attribute) {
    return reading.problem(control.localName, 'labels.import.problems.control', {
      name: control.localName,
    });
  }
  for (const label of meant(control, found)) label.attributes.push({ ...attribute });
}

function meant(control: XmlElement, found: Map<string, ImportedLabel>): ImportedLabel[] {
  const wanted = (control.attributes.get('whenLabelValue') ?? '')
    .split(',')
    .map((one) => one.trim());
  const regions = [...found.values()].filter((label) => label.kind !== 'tag');
  return wanted.some(Boolean) ? regions.filter(({ name }) => wanted.includes(name)) : regions;
}

function attributeOf(control: XmlElement, options: string[]): LabelAttribute | null {
  const name = control.attributes.get('name')?.trim() ?? '';
  const required = control.attributes.get('required') === 'true' ? { required: true } : {};
  switch (control.localName) {
    case 'Choices': {
      const several = control.attributes.get('choice') === 'multiple';
      return { name, kind: several ? 'checkbox' : 'select', options, ...required };
    }
    case 'TextArea':
      return { name, kind: 'text', ...required };
    case 'Number':
      return { name, kind: 'number', ...range(control), ...required };
    case 'Rating':
      return { name, kind: 'number', min: 0, max: stars(control), ...required };
    default:
      return null;
  }
}

function stars(control: XmlElement): number {
  return Number(control.attributes.get('maxRating')) || 5;
}

function range(control: XmlElement): { min?: number; max?: number } {
  const [min, max] = ['min', 'max'].map((side) => control.attributes.get(side));
  return {
    ...(min && Number.isFinite(Number(min)) && { min: Number(min) }),
    ...(max && Number.isFinite(Number(max)) && { max: Number(max) }),
  };
}
