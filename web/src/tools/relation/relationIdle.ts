import type { PointerInput } from '../../editor/input';
import { boundsCentre, paintPendingArrow } from '../../editor/objects/relationArrows';
import { setPainter } from '../../editor/overlay';
import { relate } from '../../editor/objects/relations';
import type { Point } from '../../kernel/records';
import { ToolPhase } from '../toolNode';

const kPainter = 'relation.pending';

/** Click where the arrow begins, then where it ends; the tool stays in hand for the next one. */
export class RelationIdle extends ToolPhase {
  readonly id = 'idle';
  private from: string | null = null;

  override enter(): void {
    this.editor.cursor.set('crosshair');
    const [only, ...others] = this.editor.selection.get();
    this.begin(others.length === 0 ? (only ?? null) : null);
  }

  override exit(): void {
    this.begin(null);
  }

  override move({ point }: PointerInput): boolean {
    const [top] = this.editor.pick(...point);
    this.editor.hovered.set(top ?? null);
    this.aim(point);
    return true;
  }

  override leave(): boolean {
    this.editor.hovered.set(null);
    return true;
  }

  override down({ button, point }: PointerInput): boolean {
    if (button !== 0) return false;
    const ids = this.editor.pick(...point);
    const id = ids.find((one) => one !== this.from);
    if (id === undefined) return true;
    if (this.from === null) {
      this.begin(id);
      this.editor.select([id]);
    } else this.end(id);
    return true;
  }

  /** Without a pointer: to the one that is selected besides. */
  override complete(): boolean {
    const [only] = this.editor.selection.get();
    if (only === undefined) return false;
    if (this.from === null || this.from === only) this.begin(only);
    else this.end(only);
    return true;
  }

  override cancel(): boolean {
    if (this.from !== null) this.begin(null);
    else this.editor.tool.set('select');
    return true;
  }

  private begin(from: string | null): void {
    this.from = from;
    if (from === null) setPainter(this.editor.overlay, kPainter, null);
  }

  private end(to: string): void {
    const { from } = this;
    if (from === null) return;
    this.begin(null);
    if (relate(this.editor, from, to)) this.editor.select([from]);
  }

  private aim(to: Point): void {
    const entry = this.from === null ? undefined : this.editor.store.get(this.from);
    if (!entry) return;
    const start = boundsCentre(entry.outline.bounds);
    setPainter(this.editor.overlay, kPainter, (frame) => paintPendingArrow(frame, start, to));
  }
}
