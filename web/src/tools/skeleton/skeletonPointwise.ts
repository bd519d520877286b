import type { PointerInput } from '../../editor/input';
import { patchOverlay, setPainter, type PainterFrame } from '../../editor/overlay';
import type { Joint, Visibility } from '../../editor/skeletons/joints';
import { round64 } from '../../editor/transform';
import { t } from '../../i18n/i18n';
import type { Point, SkeletonShape } from '../../kernel/records';
import { ToolPhase } from '../toolNode';
import type { SkeletonLabel } from './skeletonLabel';

/** Two clicks of a double click are one. */
const kSamePlacePx = 2;

/** The template's points one by one, in its order; what is skipped is not in the picture. */
export class SkeletonPointwise extends ToolPhase {
  readonly id = 'pointwise';
  private label!: SkeletonLabel;
  private joints: Joint[] = [];
  private cursor: Point | null = null;

  override enter(info: unknown): void {
    const { input, label } = info as { input: PointerInput; label: SkeletonLabel };
    this.label = label;
    this.joints = [];
    setPainter(this.editor.overlay, 'skeleton', (frame) => this.paintNext(frame));
    this.place(input);
  }

  override exit(): void {
    patchOverlay(this.editor.overlay, { drawing: null });
    setPainter(this.editor.overlay, 'skeleton', null);
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0) return false;
    this.place(input);
    return true;
  }

  override move(input: PointerInput): boolean {
    this.cursor = this.editor.view.clampToImage(input.point);
    this.show();
    return true;
  }

  override skip(): boolean {
    this.add({ x: 0, y: 0, visibility: 0 });
    return true;
  }

  override back(): boolean {
    this.joints.pop();
    if (this.joints.length === 0) this.tool.go('idle');
    else this.show();
    return true;
  }

  /** The rest is not in the picture. */
  override complete(): boolean {
    const rest = this.label.skeleton.points.slice(this.joints.length);
    this.joints.push(...rest.map((name): Joint => ({ name, x: 0, y: 0, visibility: 0 })));
    this.finish();
    return true;
  }

  override cancel(): boolean {
    this.tool.go('idle');
    return true;
  }

  private get next(): string | undefined {
    return this.label.skeleton.points[this.joints.length];
  }

  /** With Alt the joint is hidden by something, but its place is known. */
  private place(input: PointerInput): void {
    const [x, y] = this.editor.view.clampToImage(input.point);
    const last = this.joints.at(-1);
    const near = this.editor.view.reach(kSamePlacePx);
    if (last && last.visibility > 0 && Math.hypot(last.x - x, last.y - y) < near) return;
    const visibility: Visibility = input.alt ? 1 : 2;
    this.add({ x: round64(x), y: round64(y), visibility });
  }

  private add(place: Omit<Joint, 'name'>): void {
    const name = this.next;
    if (name !== undefined) this.joints.push({ name, ...place });
    if (this.next === undefined) return this.finish();
    this.editor.announcements.emit(t('structure.next', { name: this.next }));
    this.show();
  }

  private finish(): void {
    const { joints } = this;
    this.tool.go('idle');
    if (joints.some((joint) => joint.visibility > 0)) void this.editor.create(shapeOf(joints));
  }

  private show(): void {
    patchOverlay(this.editor.overlay, { drawing: { kind: 'shape', shape: shapeOf(this.joints) } });
  }

  /** What the next click places, beside the pointer. */
  private paintNext({ context, zoom }: PainterFrame): void {
    const { cursor, next } = this;
    if (!cursor || next === undefined) return;
    const text = t('structure.step', {
      name: next,
      number: this.joints.length + 1,
      count: this.label.skeleton.points.length,
    });
    context.font = `600 ${12 / zoom}px "Inter Variable", system-ui, sans-serif`;
    const width = context.measureText(text).width;
    const [x, y] = [cursor[0] + 14 / zoom, cursor[1] + 14 / zoom];
    context.fillStyle = 'rgb(11 16 32 / .86)';
    context.beginPath();
    context.roundRect(x, y, width + 12 / zoom, 20 / zoom, 4 / zoom);
    context.fill();
    context.fillStyle = '#F8FAFC';
    context.fillText(text, x + 6 / zoom, y + 14 / zoom);
  }
}

function shapeOf(joints: readonly Joint[]): SkeletonShape {
  return { type: 'skeleton', points: [...joints] };
}
