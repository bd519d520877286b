import type { PointerInput } from '../../editor/input';
import { enclosedBy } from '../../editor/hitTest';
import { patchOverlay } from '../../editor/overlay';
import type { Bounds } from '../../editor/outline';
import { ToolPhase } from '../toolNode';

/** Dragging over empty ground selects what lies wholly inside; a mere click selects nothing. */
export class SelectMarquee extends ToolPhase {
  readonly id = 'marquee';
  private start!: PointerInput;
  private kept: ReadonlySet<string> = new Set();

  override enter(info: unknown): void {
    this.start = info as PointerInput;
    this.kept = this.start.shift || this.start.ctrl ? this.editor.selection.get() : new Set();
    this.editor.select(this.kept);
  }

  override exit(): void {
    patchOverlay(this.editor.overlay, { marquee: null });
  }

  override move(input: PointerInput): boolean {
    const [x0, y0] = this.start.point;
    const [x1, y1] = input.point;
    const bounds: Bounds = [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)];
    patchOverlay(this.editor.overlay, { marquee: bounds });
    const inside = this.editor.store.within(bounds).filter((entry) => this.editor.isVisible(entry));
    this.editor.select([...this.kept, ...enclosedBy(inside, bounds)]);
    return true;
  }

  override up(): boolean {
    this.tool.go('idle');
    return true;
  }

  override cancel(): boolean {
    this.editor.select(this.kept);
    this.tool.go('idle');
    return true;
  }
}
