/**
 * The last tool that drew, and the object that is drawn again: while it is set, the next shape that
 * is finished becomes that object's shape; its label and attributes stay.
 */
import type { Shape } from '../kernel/records';
import { Signal } from './signal';
import type { ToolId } from './toolIds';

/** Tools that draw nothing that could be drawn again. */
const kOtherTools: ReadonlySet<ToolId> = new Set([
  'select',
  'relation',
  'comment',
  'join',
  'slice',
]);

const kToolOf: Partial<Record<Shape['type'], ToolId>> = {
  box: 'box',
  polygon: 'polygon',
  polyline: 'polyline',
  points: 'points',
  ellipse: 'ellipse',
  skeleton: 'skeleton',
  cuboid_2d: 'cuboid',
  mask: 'brush',
};

export function toolFor(shape: Shape): ToolId | null {
  if (shape.type === 'box' && (shape.rotation ?? 0) !== 0) return 'rotated_box';
  return kToolOf[shape.type] ?? null;
}

export class Redraw {
  readonly target = new Signal<string | null>(null);
  private lastTool: ToolId = 'box';

  constructor(private readonly tool: Signal<ToolId>) {
    tool.subscribe(() => {
      this.target.set(null);
      if (!kOtherTools.has(tool.get())) this.lastTool = tool.get();
    });
  }

  /** Takes the tool that drew last back in hand. */
  repeat(): void {
    this.tool.set(this.lastTool);
  }

  begin(id: string, tool: ToolId): void {
    this.tool.set(tool);
    this.target.set(id);
  }

  /** The object that a finished shape belongs to, once. */
  take(): string | null {
    const id = this.target.get();
    if (id !== null) this.tool.set('select');
    return id;
  }
}
