import { t } from '../../i18n/i18n';
import type { Shape } from '../../kernel/records';
import type { PointerInput } from '../../editor/input';
import { patchOverlay } from '../../editor/overlay';
import type { Bounds } from '../../editor/outline';
import type { Entry } from '../../editor/store';
import { canMove, limitMove, translateShape } from '../../editor/transform';
import { ToolPhase } from '../toolNode';

export class SelectTranslating extends ToolPhase {
  readonly id = 'translating';
  private start!: PointerInput;
  private entries: Entry[] = [];
  private moved = new Map<string, Shape>();

  override enter(info: unknown): void {
    this.start = info as PointerInput;
    this.entries = this.editor.selected().filter(({ annotation: { id, shape } }) => {
      const held = this.editor.pinned.get().has(id) || !this.editor.mayChange(id);
      return canMove(shape) && !held;
    });
    this.moved = new Map();
    this.editor.cursor.set(this.entries.length > 0 ? 'grabbing' : 'not-allowed');
  }

  override exit(): void {
    patchOverlay(this.editor.overlay, { replaced: new Map() });
  }

  override move(input: PointerInput): boolean {
    if (this.entries.length === 0) return true;
    let dx = input.point[0] - this.start.point[0];
    let dy = input.point[1] - this.start.point[1];
    if (input.shift && Math.abs(dx) > Math.abs(dy)) dy = 0;
    else if (input.shift) dx = 0;
    const bounds = union(this.entries.map((entry) => entry.outline.bounds));
    const [mx, my] = limitMove(bounds, this.editor.view.image.get(), dx, dy);
    this.moved = new Map(
      this.entries.map(({ annotation }) => [
        annotation.id,
        translateShape(annotation.shape, mx, my, this.editor.kernel),
      ]),
    );
    patchOverlay(this.editor.overlay, { replaced: this.moved });
    return true;
  }

  override up(): boolean {
    const operations = this.entries.flatMap(({ annotation }) => {
      const value = this.moved.get(annotation.id);
      if (!value) return [];
      const prev = annotation.shape;
      return [{ op: 'set' as const, target: annotation.id, field: 'shape', value, prev }];
    });
    if (operations.length > 0) this.editor.commit(t('tools.steps.move'), operations);
    this.tool.go('idle');
    return true;
  }

  override cancel(): boolean {
    this.tool.go('idle');
    return true;
  }
}

function union(all: readonly Bounds[]): Bounds {
  return [
    Math.min(...all.map((bounds) => bounds[0])),
    Math.min(...all.map((bounds) => bounds[1])),
    Math.max(...all.map((bounds) => bounds[2])),
    Math.max(...all.map((bounds) => bounds[3])),
  ];
}
