/** Takes a drawn area out of a polygon. */
import { t } from '../../i18n/i18n';
import {
  polygonParts,
  type Point,
  type PolygonPart,
  type PolygonShape,
} from '../../kernel/records';
import type { Editor } from '../editor';
import { crossings } from './crossings';
import { isInside, loadClip, polygonOf, regionOf, subtract } from './region';

export async function cutHole(editor: Editor, target: string, ring: Point[]): Promise<void> {
  const before = polygonAt(editor, target);
  if (!before) return;
  const shape = withHole(before, ring) ?? (await without(editor, target, ring));
  if (!shape?.parts?.length) {
    return editor.notices.emit({ tone: 'info', code: 'nothing_left' });
  }
  const prev = polygonAt(editor, target);
  if (!prev) return;
  editor.commit(t('tools.steps.hole'), [{ op: 'set', target, field: 'shape', value: shape, prev }]);
}

function polygonAt(editor: Editor, id: string): PolygonShape | null {
  const shape = editor.store.get(id)?.annotation.shape;
  return shape?.type === 'polygon' ? shape : null;
}

/** Where the ring lies wholly within one part nothing else of the polygon changes. */
function withHole(shape: PolygonShape, ring: Point[]): PolygonShape | null {
  const parts = polygonParts(shape);
  const index = parts.findIndex((part) => holds(part, ring));
  if (index < 0) return null;
  return {
    type: 'polygon',
    parts: parts.map((part, i) => (i === index ? added(part, ring) : part)),
  };
}

function holds({ points, holes = [] }: PolygonPart, ring: Point[]): boolean {
  const loop = [...ring, ring[0]!];
  const crossed = [points, ...holes].some((other) => crossings(other, loop).length > 0);
  const around = holes.some((hole) => isInside(ring, hole[0]!) || isInside(hole, ring[0]!));
  return !crossed && !around && isInside(points, ring[0]!);
}

function added(part: PolygonPart, ring: Point[]): PolygonPart {
  const holes = [...(part.holes ?? []), ring];
  if (!part.keys) return { ...part, holes };
  // The new ring gets its keys from the document.
  return { ...part, holes, hole_keys: [...(part.hole_keys ?? []), []] };
}

async function without(editor: Editor, id: string, ring: Point[]): Promise<PolygonShape | null> {
  const clip = await loadClip();
  const shape = polygonAt(editor, id);
  const region = shape && regionOf(shape, editor.kernel);
  return region && polygonOf(subtract(clip, region, [[[ring]]]));
}
