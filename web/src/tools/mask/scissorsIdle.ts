import type { PointerInput } from '../../editor/input';
import { finishMask, mayPaint, selectedMask } from '../../editor/masks/painting';
import { ToolPhase } from '../toolNode';

export class ScissorsIdle extends ToolPhase {
  readonly id = 'idle';

  override enter(): void {
    this.editor.cursor.set('crosshair');
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0) return false;
    if (mayPaint(this.editor, input.alt ? 'erase' : 'add')) this.tool.go('cutting', input);
    return true;
  }

  override complete(): boolean {
    if (selectedMask(this.editor)) finishMask(this.editor);
    return true;
  }

  override cancel(): boolean {
    if (this.editor.selection.get().size > 0) this.editor.select([]);
    else this.editor.tool.set('select');
    return true;
  }
}
