import type { PointerInput } from '../../editor/input';
import { placeTemplate } from '../../editor/skeletons/joints';
import { ToolPhase } from '../toolNode';
import { defaultRect } from '../defaultRect';
import { takeSkeletonLabel } from './skeletonLabel';

export class SkeletonIdle extends ToolPhase {
  readonly id = 'idle';

  override enter(): void {
    this.editor.cursor.set('crosshair');
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0) return false;
    const label = takeSkeletonLabel(this.editor);
    if (label) this.tool.go('placing', { input, label });
    return true;
  }

  /** Without a pointer: the template in the middle of the view, its joints to be moved by keys. */
  override complete(): boolean {
    const label = takeSkeletonLabel(this.editor);
    if (!label) return true;
    const shape = placeTemplate(label.skeleton, defaultRect(this.editor.view));
    void this.editor.create(shape).then(() => this.editor.tool.set('select'));
    return true;
  }

  override cancel(): boolean {
    this.editor.tool.set('select');
    return true;
  }
}
