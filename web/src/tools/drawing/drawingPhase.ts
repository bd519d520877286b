import { patchOverlay } from '../../editor/overlay';
import type { Shape } from '../../kernel/records';
import { ToolPhase } from '../toolNode';

/** A shape is being drawn: Escape drops it, what is finished is kept under the active label. */
export abstract class DrawingPhase extends ToolPhase {
  readonly id: string = 'drawing';

  override exit(): void {
    patchOverlay(this.editor.overlay, { drawing: null });
  }

  override cancel(): boolean {
    this.tool.go('idle');
    return true;
  }

  override back(): boolean {
    return this.cancel();
  }

  protected show(shape: Shape): void {
    patchOverlay(this.editor.overlay, { drawing: { kind: 'shape', shape } });
  }

  protected keep(shape: Shape): void {
    const created = this.editor.create(shape);
    this.tool.go('idle');
    if (this.editor.currentLabel() !== null) return;
    // A first label may still be on its way: keep showing what was drawn until the object exists.
    this.show(shape);
    void created.finally(() => {
      if (this.tool.phase === 'idle') patchOverlay(this.editor.overlay, { drawing: null });
    });
  }
}
