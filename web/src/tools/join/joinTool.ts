/** Clicks choose the objects that are to become one; Enter joins them. */
import type { Editor } from '../../editor/editor';
import type { PointerInput } from '../../editor/input';
import { isJoinable, join } from '../../editor/polygons/join';
import { Tool, ToolPhase } from '../toolNode';

class JoinIdle extends ToolPhase {
  readonly id = 'idle';

  override enter(): void {
    this.editor.cursor.set('pointer');
  }

  override move(input: PointerInput): boolean {
    this.editor.hovered.set(this.under(input));
    return true;
  }

  override leave(): boolean {
    this.editor.hovered.set(null);
    return true;
  }

  override down(input: PointerInput): boolean {
    const id = this.under(input);
    if (input.button !== 0 || id === null) return true;
    const chosen = new Set(this.editor.selection.get());
    if (!chosen.delete(id)) chosen.add(id);
    this.editor.select(chosen);
    return true;
  }

  override complete(): boolean {
    void join(this.editor);
    return true;
  }

  override cancel(): boolean {
    this.editor.tool.set('select');
    return true;
  }

  private under({ point }: PointerInput): string | null {
    const { editor } = this;
    const fits = (id: string) => {
      const entry = editor.store.get(id);
      return entry !== undefined && isJoinable(entry) && editor.mayChange(id);
    };
    return editor.pick(...point).find(fits) ?? null;
  }
}

export class JoinTool extends Tool {
  constructor(editor: Editor) {
    super(editor, [JoinIdle]);
  }
}
