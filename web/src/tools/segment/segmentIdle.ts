import type { PointerInput } from '../../editor/input';
import { SegmentPhase } from './segmentPhase';

export class SegmentIdle extends SegmentPhase {
  readonly id = 'idle';

  override enter(): void {
    this.editor.cursor.set('crosshair');
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0 && input.button !== 2) return false;
    this.tool.go('pressing', input);
    return true;
  }

  /** First the preview goes, then the tool. */
  override cancel(): boolean {
    if (this.prompter.isEmpty) this.editor.tool.set('select');
    else this.prompter.clear();
    return true;
  }
}
