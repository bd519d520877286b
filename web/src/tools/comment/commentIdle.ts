import type { PointerInput } from '../../editor/input';
import type { Point } from '../../kernel/records';
import { ToolPhase } from '../toolNode';

/** One comment per taking up of the tool: the words come next, not another spot. */
export class CommentIdle extends ToolPhase {
  readonly id = 'idle';

  override enter(): void {
    this.editor.cursor.set('crosshair');
  }

  override up(input: PointerInput): boolean {
    if (input.button === 0) this.place(input.point);
    return true;
  }

  /** Without a pointer: the middle of what is seen. */
  override complete(): boolean {
    const [x, y] = this.editor.view.shown();
    this.place([x, y]);
    return true;
  }

  override cancel(): boolean {
    this.editor.tool.set('select');
    return true;
  }

  private place(point: Point): void {
    const at = this.editor.view.clampToImage(point);
    this.editor.tool.set('select');
    this.editor.discussion.begin({ at });
  }
}
