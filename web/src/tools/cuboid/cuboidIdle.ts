import { cuboidOf, defaultDepth } from '../../editor/cuboids/cuboid';
import type { PointerInput } from '../../editor/input';
import { defaultRect } from '../defaultRect';
import { ToolPhase } from '../toolNode';

export class CuboidIdle extends ToolPhase {
  readonly id = 'idle';

  override enter(): void {
    this.editor.cursor.set('crosshair');
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0) return false;
    this.tool.go('front', input);
    return true;
  }

  /** Without a pointer: a cuboid in the middle of the view, its corners to be moved by keys. */
  override complete(): boolean {
    const front = defaultRect(this.editor.view);
    const toward = this.editor.view.clampToImage(defaultDepth(front));
    void this.editor.create(cuboidOf(front, toward)).then((id) => {
      if (id !== null) this.editor.tool.set('select');
    });
    return true;
  }

  override cancel(): boolean {
    this.editor.tool.set('select');
    return true;
  }
}
