/** The bones of a skeleton, as its label tells them: lines of its outline between joints seen. */
import type { Shape } from '../../kernel/records';
import type { Label } from '../labels';
import type { Outline, OutlinePath } from '../outline';

/** `outline` with a line for each bone; other shapes keep theirs as it is. */
export function withBones(outline: Outline, shape: Shape, label: Label): Outline;
export function withBones(outline: Outline | null, shape: Shape, label: Label): Outline | null;
export function withBones(outline: Outline | null, shape: Shape, label: Label): Outline | null {
  const template = label.skeleton;
  if (!outline || !template || shape.type !== 'skeleton') return outline;
  const seen = new Map(
    shape.points.flatMap((joint) => (joint.visibility > 0 ? [[joint.name, joint] as const] : [])),
  );
  const paths = template.edges.flatMap(([from, to]): OutlinePath[] => {
    const a = seen.get(template.points[from] ?? '');
    const b = seen.get(template.points[to] ?? '');
    if (!a || !b) return [];
    return [{ points: new Float32Array([a.x, a.y, b.x, b.y]), closed: false }];
  });
  return { ...outline, paths };
}
