import type { PointerInput } from '../../editor/input';
import { ToolPhase } from '../toolNode';

export class BoxIdle extends ToolPhase {
  readonly id = 'idle';

  override enter(): void {
    this.editor.cursor.set('crosshair');
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0) return false;
    this.tool.go('drawing', input);
    return true;
  }

  /** Without a pointer: a box of a quarter of the view, to be placed by the arrow keys. */
  override complete(): boolean {
    const { view } = this.editor;
    const stage = view.stage.get();
    const [cx, cy] = view.clampToImage(view.toImage([stage.width / 2, stage.height / 2]));
    const image = view.image.get();
    const width = Math.min(image.width, view.reach(stage.width / 4));
    const height = Math.min(image.height, view.reach(stage.height / 4));
    const x = Math.min(image.width - width, Math.max(0, cx - width / 2));
    const y = Math.min(image.height - height, Math.max(0, cy - height / 2));
    void this.editor.create({
      type: 'box',
      x: Math.round(x),
      y: Math.round(y),
      width: Math.round(width),
      height: Math.round(height),
    });
    return true;
  }

  override cancel(): boolean {
    this.editor.tool.set('select');
    return true;
  }
}
