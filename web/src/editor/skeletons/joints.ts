/** Skeletons: a template put into a rectangle, joints moved, shown, mirrored. Shapes in and out. */
import type { Point, SkeletonShape } from '../../kernel/records';
import type { Rect } from '../camera';
import type { SkeletonTemplate } from '../labels';
import { round64 } from '../transform';
import { mirroredName } from './sides';

export type Joint = SkeletonShape['points'][number];
export type Visibility = Joint['visibility'];

/** Where a template's points stand in the unit square: evenly on a circle when it does not tell. */
export function positionsOf(template: SkeletonTemplate): Point[] {
  const { points, positions } = template;
  if (positions && positions.length === points.length) return positions.map(([x, y]) => [x, y]);
  return points.map((_, index): Point => {
    const angle = (2 * Math.PI * index) / points.length - Math.PI / 2;
    return [0.5 + 0.5 * Math.cos(angle), 0.5 + 0.5 * Math.sin(angle)];
  });
}

/** The template's points so that they fill `rect`. */
export function placeTemplate(template: SkeletonTemplate, rect: Rect): SkeletonShape {
  const fitted = fitUnit(positionsOf(template));
  return {
    type: 'skeleton',
    points: template.points.map((name, index) => {
      const [u, v] = fitted[index]!;
      const x = round64(rect.x + u * rect.width);
      return { name, x, y: round64(rect.y + v * rect.height), visibility: 2 };
    }),
  };
}

/** Stretched to touch all four sides of the unit square; a line of points stays in the middle. */
export function fitUnit(points: readonly Point[]): Point[] {
  const [x0, y0, x1, y1] = boundsOfPoints(points);
  const along = (value: number, low: number, high: number) =>
    high > low ? (value - low) / (high - low) : 0.5;
  return points.map(([x, y]): Point => [along(x, x0, x1), along(y, y0, y1)]);
}

export function boundsOfPoints(points: readonly Point[]): [number, number, number, number] {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** A joint that is not in the picture and was given no place. */
export function isPlaceless(joint: Joint): boolean {
  return joint.visibility === 0 && joint.x === 0 && joint.y === 0;
}

export function placedPoints(shape: SkeletonShape): Point[] {
  return shape.points.filter((joint) => !isPlaceless(joint)).map(({ x, y }): Point => [x, y]);
}

function mapJoint(shape: SkeletonShape, name: string, change: (joint: Joint) => Joint) {
  const points = shape.points.map((joint) => (joint.name === name ? change(joint) : joint));
  return { ...shape, points };
}

/** A joint that is moved is somewhere: one out of the picture comes into it. */
export function moveJoint(shape: SkeletonShape, name: string, [x, y]: Point): SkeletonShape {
  return mapJoint(shape, name, (joint) => ({
    ...joint,
    x: round64(x),
    y: round64(y),
    visibility: joint.visibility === 0 ? 2 : joint.visibility,
  }));
}

/** One without a place gets the one the template has for it. */
export function showJoint(
  shape: SkeletonShape,
  name: string,
  visibility: Visibility,
  template: SkeletonTemplate | undefined,
): SkeletonShape {
  return mapJoint(shape, name, (joint) => {
    if (visibility === 0 || !isPlaceless(joint)) return { ...joint, visibility };
    const [x, y] = templatePlace(shape, name, template);
    return { ...joint, x: round64(x), y: round64(y), visibility };
  });
}

/** Where the template has this point, as the rest of the skeleton lies. */
function templatePlace(
  shape: SkeletonShape,
  name: string,
  template: SkeletonTemplate | undefined,
): Point {
  const placed = placedPoints(shape);
  const [x0, y0, x1, y1] = placed.length > 0 ? boundsOfPoints(placed) : [0, 0, 0, 0];
  const index = template?.points.indexOf(name) ?? -1;
  const [u, v] = template && index >= 0 ? fitUnit(positionsOf(template))[index]! : [0.5, 0.5];
  return [x0 + u * (x1 - x0), y0 + v * (y1 - y0)];
}

/** In sight, hidden by something, not in the picture. */
export function nextVisibility(visibility: Visibility): Visibility {
  return visibility === 2 ? 1 : visibility === 1 ? 0 : 2;
}

/** Left joints become right ones: what each name stands for changes places with its twin. */
export function swapSides(shape: SkeletonShape): SkeletonShape {
  const byName = new Map(shape.points.map((joint) => [joint.name, joint]));
  const points = shape.points.map((joint) => {
    const twin = byName.get(mirroredName(joint.name) ?? '');
    return twin ? { ...twin, name: joint.name } : joint;
  });
  return { ...shape, points };
}

/** Turned about its upright middle line, so that left stays left of the body. */
export function mirror(shape: SkeletonShape): SkeletonShape {
  const placed = placedPoints(shape);
  if (placed.length === 0) return shape;
  const [x0, , x1] = boundsOfPoints(placed);
  const points = shape.points.map((joint) =>
    isPlaceless(joint) ? joint : { ...joint, x: round64(x0 + x1 - joint.x) },
  );
  return swapSides({ ...shape, points });
}
