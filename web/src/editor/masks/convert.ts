/** The same region as another kind of shape; label, attributes, group and depth stay. */
import type { Kernel } from '../../kernel/kernel';
import {
  polygonParts,
  type OperationDraft,
  type PolygonPart,
  type Shape,
} from '../../kernel/records';
import type { Size } from '../camera';
import type { Editor } from '../editor';
import { takesShape } from '../labels';
import { outlineOf } from '../outline';

export type Converted = 'mask' | 'polygon' | 'box';

interface How {
  kernel: Kernel;
  image: Size;
  tolerance: number;
}

function become(shape: Shape, to: Converted, how: How): Shape | null {
  const same = shape.type === to;
  return same ? simplified(shape, how.kernel, how.tolerance) : convert(shape, to, how);
}

/** Null where nothing of that kind would be left, or the shape is no region. */
export function convert(
  shape: Shape,
  to: Converted,
  { kernel, image, tolerance }: How,
): Shape | null {
  if (!canConvert(shape, to)) return null;
  if (to === 'box') return boxAround(shape, kernel);
  const parts = partsOf(shape, kernel, tolerance);
  if (to === 'polygon') return parts.length > 0 ? { type: 'polygon', parts } : null;
  const rle = kernel.polygonToRle(parts, image.height, image.width);
  return kernel.rleArea(rle) > 0 ? { type: 'mask', rle } : null;
}

/** A box can hold whatever has an extent, polygons and masks only what has an inside. */
export function canConvert(shape: Shape, to: Converted): boolean {
  return shape.type !== to && (to === 'box' ? hasExtent(shape) : isArea(shape));
}

function isArea(shape: Shape): boolean {
  return ['box', 'ellipse', 'polygon', 'mask', 'cuboid_2d'].includes(shape.type);
}

function hasExtent(shape: Shape): boolean {
  return isArea(shape) || ['polyline', 'points', 'skeleton'].includes(shape.type);
}

function partsOf(shape: Shape, kernel: Kernel, tolerance: number): PolygonPart[] {
  if (shape.type === 'mask') return kernel.maskToPolygons(shape.rle, tolerance);
  if (shape.type === 'polygon') return polygonParts(shape);
  const outline = outlineOf(shape, kernel);
  return (outline?.paths ?? []).map(({ points }) => ({ points: pairs(points) }));
}

function pairs(points: Float32Array): [number, number][] {
  const out: [number, number][] = [];
  for (let i = 0; i + 1 < points.length; i += 2) out.push([points[i]!, points[i + 1]!]);
  return out;
}

function boxAround(shape: Shape, kernel: Kernel): Shape | null {
  const bounds = kernel.shapeBounds(shape);
  if (!bounds) return null;
  const [x, y, x1, y1] = bounds;
  return x1 > x && y1 > y ? { type: 'box', x, y, width: x1 - x, height: y1 - y } : null;
}

/** A polygon with fewer vertices; null where none can go. */
export function simplified(shape: Shape, kernel: Kernel, tolerance: number): Shape | null {
  if (shape.type !== 'polygon') return null;
  const before = polygonParts(shape);
  const parts = kernel.simplifyPolygon(before, tolerance);
  return countVertices(parts) < countVertices(before) ? { type: 'polygon', parts } : null;
}

function countVertices(parts: readonly PolygonPart[]): number {
  const rings = parts.flatMap(({ points, holes = [] }) => [points, ...holes]);
  return rings.reduce((sum, ring) => sum + ring.length, 0);
}

/**
 * Of the selection: what can become another kind, or, where nothing can become a polygon, the
 * polygons that can become simpler ones.
 */
export function convertible(editor: Editor, to: Converted, simplify = false): string[] {
  const ids = (fits: (shape: Shape) => boolean) =>
    editor
      .selected()
      .filter(({ annotation }) => fits(annotation.shape))
      .map(({ annotation }) => annotation.id);
  const others = ids((shape) => canConvert(shape, to));
  if (others.length > 0 || to !== 'polygon' || !simplify) return others;
  return ids((shape) => shape.type === 'polygon');
}

/** What the selected objects would become, of those that may. */
export function converted(
  editor: Editor,
  to: Converted,
  tolerance: number,
): ReadonlyMap<string, Shape> {
  const how = { kernel: editor.kernel, image: editor.view.image.get(), tolerance };
  const out = new Map<string, Shape>();
  for (const id of convertible(editor, to, true)) {
    const { annotation } = editor.store.get(id)!;
    const free = editor.mayChange(id) && takesShape(editor.labelOf(annotation), to);
    const shape = free ? become(annotation.shape, to, how) : null;
    if (shape) out.set(id, shape);
  }
  return out;
}

/** One step of history for all that can become it; says so where a label forbids it. */
export function convertObjects(
  editor: Editor,
  ids: readonly string[],
  to: Converted,
  { title, tolerance }: { title: string; tolerance: number },
): void {
  const image = editor.view.image.get();
  const operations = ids.flatMap((target): OperationDraft[] => {
    const annotation = editor.store.get(target)?.annotation;
    if (!annotation || !editor.mayChange(target)) return [];
    if (!takesShape(editor.labelOf(annotation), to)) {
      editor.notices.emit({ tone: 'info', code: 'no_label_for_shape', detail: to });
      return [];
    }
    const prev = annotation.shape;
    const value = become(prev, to, { kernel: editor.kernel, image, tolerance });
    return value ? [{ op: 'set', target, field: 'shape', value, prev }] : [];
  });
  if (operations.length > 0) editor.commit(title, operations);
}
