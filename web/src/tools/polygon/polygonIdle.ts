import type { PointerInput } from '../../editor/input';
import { ToolPhase } from '../toolNode';

export class PolygonIdle extends ToolPhase {
  readonly id = 'idle';

  override enter(): void {
    this.editor.cursor.set('crosshair');
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0) return false;
    this.tool.go('drawing', input);
    return true;
  }

  override cancel(): boolean {
    this.editor.tool.set('select');
    return true;
  }
}
