import type { PointerInput } from '../../editor/input';
import { maskSetting } from '../../editor/masks/maskSettings';
import { finishMask, mayPaint, selectedMask } from '../../editor/masks/painting';
import { setPainter } from '../../editor/overlay';
import { preferences } from '../../net/preferences';
import { middleOf } from './middle';
import { modeOf, PaintPhase } from './paintPhase';
import { paintTip } from './tip';

export class PaintIdle extends PaintPhase {
  readonly id = 'idle';
  private stop: (() => void) | null = null;

  override enter(): void {
    this.showTip();
    this.stop = preferences.subscribe(() => this.showTip());
  }

  override exit(): void {
    this.stop?.();
    this.stop = null;
    setPainter(this.editor.overlay, 'tip', null);
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0) return false;
    const mode = modeOf(this.paintTool, input);
    if (mode === 'erase' && !selectedMask(this.editor)) this.takeMaskUnder(input);
    if (!mayPaint(this.editor, mode)) return true;
    this.tool.go(maskSetting('form') === 'polygon' ? 'outlining' : 'stroking', input);
    return true;
  }

  /** Ends the mask in hand; without one a dab in the middle of the view begins one. */
  override complete(): boolean {
    if (selectedMask(this.editor)) finishMask(this.editor);
    else if (mayPaint(this.editor, this.paintTool.mode)) this.dabInTheMiddle();
    return true;
  }

  override cancel(): boolean {
    if (this.editor.selection.get().size > 0) this.editor.select([]);
    else this.editor.tool.set('select');
    return true;
  }

  private showTip(): void {
    this.editor.cursor.set('crosshair');
    setPainter(this.editor.overlay, 'tip', (frame) => paintTip(this.editor, frame));
  }

  private takeMaskUnder({ point }: PointerInput): void {
    const id = this.editor
      .pick(...point)
      .find((under) => this.editor.store.get(under)?.annotation.shape.type === 'mask');
    if (id !== undefined) this.editor.select([id]);
  }

  private dabInTheMiddle(): void {
    this.tool.go('stroking', middleOf(this.editor, 'down'));
    this.tool.dispatch(middleOf(this.editor, 'up'));
  }
}
