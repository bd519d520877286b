/** What all tools that paint masks have: they go on with the selected one until a label says no. */
import { selectedMask } from '../../editor/masks/painting';
import { Tool } from '../toolNode';

export abstract class MaskTool extends Tool {
  private stop: (() => void) | null = null;

  override activate(): void {
    super.activate();
    this.stop = this.editor.activeLabel.subscribe(() => {
      const mask = selectedMask(this.editor);
      if (mask && mask.annotation.label_id !== this.editor.activeLabel.get()) {
        this.editor.select([]);
      }
    });
  }

  override deactivate(): void {
    this.stop?.();
    this.stop = null;
    super.deactivate();
  }
}
