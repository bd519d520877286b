import { screenDistance, type PointerInput } from '../../editor/input';
import { SegmentPhase } from './segmentPhase';

const kDragPx = 5;

/** The button is down: a point so far, a box if the pointer goes on. */
export class SegmentPressing extends SegmentPhase {
  readonly id = 'pressing';
  private start!: PointerInput;

  override enter(info: unknown): void {
    this.start = info as PointerInput;
  }

  override move(input: PointerInput): boolean {
    const negative = this.start.alt || this.start.button === 2;
    const refining = this.editor.refining.get() !== null;
    if (!negative && !refining && screenDistance(this.start.screen, input.screen) > kDragPx) {
      this.tool.go('boxing', this.start);
      this.tool.dispatch(input);
    }
    return true;
  }

  override up(input: PointerInput): boolean {
    const [x, y] = this.start.point;
    const { width, height } = this.editor.view.image.get();
    this.tool.go('idle');
    if (x < 0 || y < 0 || x > width || y > height) return true;
    const negative = this.start.alt || this.start.button === 2;
    this.prompter.addPoint({ x, y, label: negative ? 0 : 1 }, input.ctrl);
    return true;
  }

  override cancel(): boolean {
    this.tool.go('idle');
    return true;
  }
}
