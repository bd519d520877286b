import type { PointerInput } from '../../editor/input';
import { holeAt, islandAt } from '../../editor/masks/enclosed';
import { mayPaint, paint, selectedMask } from '../../editor/masks/painting';
import { ToolPhase } from '../toolNode';
import { fillHoles } from '../../editor/masks/reshape';

export class FillIdle extends ToolPhase {
  readonly id = 'idle';

  override enter(): void {
    this.editor.cursor.set('crosshair');
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0) return false;
    const { editor } = this;
    if (!selectedMask(editor)) this.takeMaskAround(input);
    const mode = input.alt ? 'erase' : 'add';
    const shape = selectedMask(editor)?.annotation.shape;
    if (shape?.type !== 'mask') {
      editor.notices.emit({ tone: 'info', code: 'not_enclosed' });
      return true;
    }
    if (!mayPaint(editor, mode)) return true;
    const find = input.alt ? islandAt : holeAt;
    const rle = find(shape.rle, input.point, editor.kernel);
    if (rle) void paint(editor, mode, rle);
    else editor.notices.emit({ tone: 'info', code: 'not_enclosed' });
    return true;
  }

  override complete(): boolean {
    fillHoles(this.editor);
    return true;
  }

  override cancel(): boolean {
    if (this.editor.selection.get().size > 0) this.editor.select([]);
    else this.editor.tool.set('select');
    return true;
  }

  /** The topmost mask with a hole or an island here. */
  private takeMaskAround({ point: [x, y], alt }: PointerInput): void {
    const { kernel, store } = this.editor;
    const find = alt ? islandAt : holeAt;
    const around = store.within([x, y, x, y]).filter((entry) => {
      const { shape } = entry.annotation;
      return (
        shape.type === 'mask' &&
        this.editor.isVisible(entry) &&
        find(shape.rle, [x, y], kernel) !== null
      );
    });
    const top = around.sort((a, b) => (a.annotation.id < b.annotation.id ? 1 : -1))[0];
    if (top) this.editor.select([top.annotation.id]);
  }
}
