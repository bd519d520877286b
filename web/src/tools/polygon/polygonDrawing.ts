import type { PointerInput } from '../../editor/input';
import { containsPoint } from '../../editor/outline';
import { cutHole } from '../../editor/polygons/holes';
import type { Entry } from '../../editor/store';
import { PathDrawing } from '../drawing/pathDrawing';
import type { Point } from '../../kernel/records';

export class PolygonDrawing extends PathDrawing {
  protected readonly closed = true;
  /** The polygon that gets a hole, when it was begun inside the selected one. */
  private host: Entry | null = null;

  override enter(info: unknown): void {
    this.host = this.hostOf(info as PointerInput);
    super.enter(info);
  }

  protected finish(points: Point[]): void {
    const { host } = this;
    if (!host) return this.keep({ type: 'polygon', parts: [{ points }] });
    this.tool.go('idle');
    void cutHole(this.editor, host.annotation.id, points);
  }

  private hostOf(input: PointerInput): Entry | null {
    if (!input.alt && !this.editor.cutting.get()) return null;
    const [entry, ...others] = this.editor.selected();
    if (!entry || others.length > 0 || entry.annotation.shape.type !== 'polygon') return null;
    if (!this.editor.mayChange(entry.annotation.id)) return null;
    return containsPoint(entry.outline, ...input.point) ? entry : null;
  }
}
