import { t } from '../../i18n/i18n';
import type { Annotation, Point, Shape } from '../../kernel/records';
import { screenDistance, type PointerInput } from '../../editor/input';
import { patchOverlay } from '../../editor/overlay';
import { showSnap } from '../../editor/snapping/snapPainter';
import { snapPoint } from '../../editor/snapping/snapping';
import {
  insertVertex,
  moveVertex,
  withVertexAfter,
  withVertexAt,
  type VertexRef,
} from '../../editor/vertices';
import { ToolPhase } from '../toolNode';
import type { GripHit } from './grips';

/** A vertex under the pointer, either there before or born on the edge that was pressed. */
export class SelectVertex extends ToolPhase {
  readonly id = 'vertex';
  private annotation!: Annotation;
  private at!: VertexRef;
  private born = false;
  private start: Point = [0, 0];
  private place: Point | null = null;

  override enter(info: unknown): void {
    const { hit, input } = info as { hit: GripHit & { at: VertexRef }; input: PointerInput };
    this.annotation = hit.entry.annotation;
    this.at = hit.at;
    this.born = hit.kind === 'edge';
    this.start = input.screen;
    this.place = hit.kind === 'edge' ? [hit.at.x, hit.at.y] : null;
    this.editor.cursor.set('move');
    if (this.born) this.show();
  }

  override exit(): void {
    showSnap(this.editor, null);
    patchOverlay(this.editor.overlay, { replaced: new Map(), mark: null });
  }

  override move(input: PointerInput): boolean {
    if (!this.born && this.place === null && screenDistance(this.start, input.screen) < 2) {
      return true;
    }
    const snap = input.shift ? null : snapPoint(this.editor, input, { except: this.annotation.id });
    showSnap(this.editor, snap);
    this.place = snap?.point ?? this.editor.view.clampToImage(input.point);
    this.show();
    return true;
  }

  override up(): boolean {
    if (this.place) {
      const [x, y] = this.place;
      const operation = this.born
        ? insertVertex(this.editor.kernel, this.annotation, this.at, x, y)
        : moveVertex(this.annotation, this.at, x, y);
      const title = this.born ? 'tools.steps.addVertex' : 'tools.steps.moveVertex';
      this.editor.commit(t(title), [operation]);
    }
    this.tool.go('idle');
    return true;
  }

  override cancel(): boolean {
    this.tool.go('idle');
    return true;
  }

  private show(): void {
    if (!this.place) return;
    const [x, y] = this.place;
    const { shape } = this.annotation;
    const next: Shape = this.born
      ? withVertexAfter(shape, this.at, x, y)
      : withVertexAt(shape, this.at, x, y);
    patchOverlay(this.editor.overlay, {
      replaced: new Map([[this.annotation.id, next]]),
      mark: { kind: 'vertex', x, y },
    });
  }
}
