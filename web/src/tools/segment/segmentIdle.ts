import type { PointerInput } from '../../editor/input';
import { preferences } from '../../net/preferences';
import { kHoverPreference } from './hoverPreference';
import { SegmentPhase } from './segmentPhase';

export class SegmentIdle extends SegmentPhase {
  readonly id = 'idle';

  override enter(): void {
    this.editor.cursor.set('crosshair');
  }

  override exit(): void {
    this.hover.off();
  }

  override move(input: PointerInput): boolean {
    if (this.wantsPreview(input)) this.hover.at(input.point);
    else this.hover.off();
    return true;
  }

  override leave(): boolean {
    this.hover.off();
    return true;
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0 && input.button !== 2) return false;
    this.tool.go('pressing', input);
    return true;
  }

  /** First the preview goes, then what is refined, then the tool. */
  override cancel(): boolean {
    if (!this.prompter.isEmpty) this.prompter.clear();
    else if (this.editor.refining.get() !== null) this.editor.refining.set(null);
    else this.editor.tool.set('select');
    return true;
  }

  /** Not before the model has read the image: the first answer would come seconds later. */
  private wantsPreview({ point, ctrl, pointer }: PointerInput): boolean {
    const { readiness, refining, view } = this.editor;
    const { width, height } = view.image.get();
    const [x, y] = point;
    const inside = x >= 0 && y >= 0 && x <= width && y <= height;
    const free = this.prompter.isEmpty && refining.get() === null && !ctrl && pointer !== 'touch';
    if (!inside || !free || readiness.get().state !== 'ready') return false;
    return preferences.get(kHoverPreference, true);
  }
}
