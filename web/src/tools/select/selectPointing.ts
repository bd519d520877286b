import { screenDistance, type PointerInput } from '../../editor/input';
import { ToolPhase } from '../toolNode';

const kDragPx = 3;

/** The button is down on an object: a click so far, a move if the pointer goes on. */
export class SelectPointing extends ToolPhase {
  readonly id = 'pointing';
  private start!: PointerInput;

  override enter(info: unknown): void {
    this.start = info as PointerInput;
  }

  override move(input: PointerInput): boolean {
    if (this.editor.locked()) return true;
    if (screenDistance(this.start.screen, input.screen) > kDragPx) {
      this.tool.go('translating', this.start);
      this.tool.dispatch(input);
    }
    return true;
  }

  override up(): boolean {
    this.tool.go('idle');
    return true;
  }

  override cancel(): boolean {
    this.tool.go('idle');
    return true;
  }
}
