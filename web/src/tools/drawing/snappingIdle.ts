import type { PointerInput } from '../../editor/input';
import { showSnap } from '../../editor/snapping/snapPainter';
import { snapPoint } from '../../editor/snapping/snapping';
import { DrawingIdle } from './drawingIdle';

/** Shows where a first vertex would snap to. */
export abstract class SnappingIdle extends DrawingIdle {
  override exit(): void {
    showSnap(this.editor, null);
  }

  override move(input: PointerInput): boolean {
    showSnap(this.editor, snapPoint(this.editor, input));
    return true;
  }

  override leave(): boolean {
    showSnap(this.editor, null);
    return true;
  }
}
