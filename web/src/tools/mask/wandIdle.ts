import type { PointerInput } from '../../editor/input';
import { finishMask, mayPaint, selectedMask } from '../../editor/masks/painting';
import { ToolPhase } from '../toolNode';
import { middleOf } from './middle';

export class WandIdle extends ToolPhase {
  readonly id = 'idle';

  override enter(): void {
    this.editor.cursor.set('crosshair');
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0) return false;
    const [x, y] = input.point;
    const { width, height } = this.editor.view.image.get();
    if (x < 0 || y < 0 || x >= width || y >= height) return true;
    if (mayPaint(this.editor, input.alt ? 'erase' : 'add')) this.tool.go('probing', input);
    return true;
  }

  /** Ends the mask in hand; without one the wand takes the middle of the view. */
  override complete(): boolean {
    if (selectedMask(this.editor)) {
      finishMask(this.editor);
      return true;
    }
    this.tool.dispatch(middleOf(this.editor, 'down'));
    this.tool.dispatch(middleOf(this.editor, 'up'));
    return true;
  }

  override cancel(): boolean {
    if (this.editor.selection.get().size > 0) this.editor.select([]);
    else this.editor.tool.set('select');
    return true;
  }
}
