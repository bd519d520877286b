/** Draws sets of points: a click adds one, Enter or a double click ends the set. */
import type { Rect } from '../../editor/camera';
import type { Editor } from '../../editor/editor';
import { screenDistance, type PointerInput } from '../../editor/input';
import { round64 } from '../../editor/transform';
import type { Point, Shape } from '../../kernel/records';
import { DrawingIdle } from '../drawing/drawingIdle';
import { DrawingPhase } from '../drawing/drawingPhase';
import { Tool } from '../toolNode';

/** A second click this near is the end of a double click. */
const kSamePx = 3;

class PointsIdle extends DrawingIdle {
  protected override placed({ x, y, width, height }: Rect): Shape {
    return { type: 'points', points: [[Math.round(x + width / 2), Math.round(y + height / 2)]] };
  }
}

class PointsDrawing extends DrawingPhase {
  private points: Point[] = [];

  override enter(info: unknown): void {
    this.points = [];
    this.down(info as PointerInput);
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0) return this.back();
    const { view } = this.editor;
    const last = this.points.at(-1);
    if (last && screenDistance(view.toScreen(last), input.screen) < kSamePx) return true;
    const [x, y] = view.clampToImage(input.point);
    this.points.push([round64(x), round64(y)]);
    this.show(this.shape());
    return true;
  }

  override up(): boolean {
    return true;
  }

  override double(): boolean {
    return this.complete();
  }

  override complete(): boolean {
    this.keep(this.shape());
    return true;
  }

  override back(): boolean {
    this.points.pop();
    if (this.points.length === 0) this.tool.go('idle');
    else this.show(this.shape());
    return true;
  }

  private shape(): Shape {
    return { type: 'points', points: [...this.points] };
  }
}

export class PointsTool extends Tool {
  constructor(editor: Editor) {
    super(editor, [PointsIdle, PointsDrawing]);
  }
}
