/** Cuts polygons in two (or more) along a line: the largest piece stays the object it was. */
import { t } from '../../i18n/i18n';
import { uuidv7 } from '../../kernel/ids';
import {
  polygonParts,
  type Annotation,
  type OperationDraft,
  type Point,
} from '../../kernel/records';
import type { Editor } from '../editor';
import type { Entry } from '../store';
import { crossings } from './crossings';
import { cutRing } from './cut';
import { areaOf, isInside, loadClip, polygonOf, subtract, type Region } from './region';

/** The selected polygons that the line divides, else the topmost one. */
export async function slice(editor: Editor, line: readonly Point[]): Promise<void> {
  const targets = targetsOf(editor, line);
  const operations: OperationDraft[] = [];
  const created: string[] = [];
  for (const { annotation } of targets) {
    const pieces = await piecesOf(annotation, line);
    if (!pieces) continue;
    const { changes, ids } = divided(editor, annotation, pieces);
    operations.push(...changes);
    created.push(annotation.id, ...ids);
  }
  if (operations.length === 0) return editor.notices.emit({ tone: 'info', code: 'slice_missed' });
  if (editor.commit(t('tools.steps.slice'), operations)) editor.select(created);
}

function targetsOf(editor: Editor, line: readonly Point[]): Entry[] {
  const divides = ({ annotation: { id, shape } }: Entry) =>
    shape.type === 'polygon' &&
    editor.mayChange(id) &&
    polygonParts(shape).some((part) => cutRing(part.points, line) !== null);
  const selected = editor.selected().filter(divides);
  if (selected.length > 0) return selected;
  const seen = editor.store.ordered().filter((entry) => editor.isVisible(entry));
  const top = seen.findLast(divides);
  return top ? [top] : [];
}

/** Regions of the pieces, the one that stays first; parts that are not cut stay with it. */
async function piecesOf({ shape }: Annotation, line: readonly Point[]): Promise<Region[] | null> {
  if (shape.type !== 'polygon') return null;
  const pieces: Region[] = [];
  const whole: Region[] = [];
  for (const { points, holes = [] } of polygonParts(shape)) {
    const rings = cutRing(points, line);
    if (!rings) whole.push([[points, ...holes]]);
    else for (const ring of rings) pieces.push(await withHoles(ring, holes, line));
  }
  if (pieces.length < 2) return null;
  const [largest, ...others] = pieces.toSorted((a, b) => sizeOf(b) - sizeOf(a));
  return [[...largest!, ...whole.flat()], ...others];
}

function sizeOf(region: Region): number {
  return region.reduce((sum, rings) => sum + Math.abs(areaOf(rings[0]!)), 0);
}

/** A hole that the line goes through opens to both sides. */
async function withHoles(
  ring: Point[],
  holes: readonly Point[][],
  line: readonly Point[],
): Promise<Region> {
  const opened = holes.filter((hole) => crossings(hole, line).length > 0);
  const kept = holes.filter((hole) => !opened.includes(hole) && isInside(ring, hole[0]!));
  const piece: Region = [[ring, ...kept]];
  if (opened.length === 0) return piece;
  const clip = await loadClip();
  return subtract(
    clip,
    piece,
    opened.map((hole) => [[hole]]),
  );
}

function divided(editor: Editor, annotation: Annotation, [first, ...others]: readonly Region[]) {
  const { id: target, label_id, attributes, group, shape: prev } = annotation;
  const copies = others.map((region): Annotation => ({
    id: uuidv7(),
    label_id,
    attributes,
    shape: polygonOf(region),
    source: 'manual',
    ...(group && { group }),
    ...editor.onTop(),
  }));
  const changes: OperationDraft[] = [
    { op: 'set', target, field: 'shape', value: polygonOf(first!), prev },
    ...copies.map((copy): OperationDraft => ({ op: 'put', annotation: copy })),
  ];
  return { changes, ids: copies.map(({ id }) => id) };
}

/** Through the middle of the object, across its longer side. */
export function middleCut({ outline }: Entry): Point[] {
  const [x0, y0, x1, y1] = outline.bounds;
  const [cx, cy] = [(x0 + x1) / 2, (y0 + y1) / 2];
  return x1 - x0 >= y1 - y0
    ? [
        [cx, y0 - 1],
        [cx, y1 + 1],
      ]
    : [
        [x0 - 1, cy],
        [x1 + 1, cy],
      ];
}
