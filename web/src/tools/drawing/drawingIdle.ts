import type { Rect } from '../../editor/camera';
import type { PointerInput } from '../../editor/input';
import type { Shape } from '../../kernel/records';
import { ToolPhase } from '../toolNode';

/** A drawing tool that waits for its first point. */
export abstract class DrawingIdle extends ToolPhase {
  readonly id = 'idle';

  override enter(): void {
    this.editor.cursor.set('crosshair');
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0) return false;
    this.tool.go('drawing', input);
    return true;
  }

  /** Without a pointer: a shape in the middle of the view, to be placed by the arrow keys. */
  override complete(): boolean {
    if (this.placed) void this.editor.create(this.placed(this.middle()));
    return true;
  }

  override cancel(): boolean {
    this.editor.tool.set('select');
    return true;
  }

  /** What Enter places; a tool that makes nothing new answers Enter itself. */
  protected placed?(area: Rect): Shape;

  /** A quarter of the view, on whole pixels of the image. */
  private middle(): Rect {
    const { view } = this.editor;
    const stage = view.stage.get();
    const [cx, cy] = view.clampToImage(view.toImage([stage.width / 2, stage.height / 2]));
    const image = view.image.get();
    const width = Math.min(image.width, view.reach(stage.width / 4));
    const height = Math.min(image.height, view.reach(stage.height / 4));
    return {
      x: Math.round(Math.min(image.width - width, Math.max(0, cx - width / 2))),
      y: Math.round(Math.min(image.height - height, Math.max(0, cy - height / 2))),
      width: Math.round(width),
      height: Math.round(height),
    };
  }
}
