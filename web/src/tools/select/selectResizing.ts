import type { BoxShape } from '../../kernel/records';
import type { PointerInput } from '../../editor/input';
import { patchOverlay } from '../../editor/overlay';
import { resizeBox, type Grip } from '../../editor/transform';
import { ToolPhase } from '../toolNode';
import type { GripHit } from './grips';

export class SelectResizing extends ToolPhase {
  readonly id = 'resizing';
  private target = '';
  private before!: BoxShape;
  private grip: Grip = 'se';
  private after: BoxShape | null = null;

  override enter(info: unknown): void {
    const { hit } = info as { hit: GripHit & { kind: 'grip' } };
    this.target = hit.entry.annotation.id;
    this.before = hit.entry.annotation.shape as BoxShape;
    this.grip = hit.grip;
    this.after = null;
  }

  override exit(): void {
    patchOverlay(this.editor.overlay, { replaced: new Map() });
  }

  override move(input: PointerInput): boolean {
    const to = this.editor.view.clampToImage(input.point);
    const keys = { square: input.shift, centred: input.alt };
    this.after = resizeBox(this.before, this.grip, to, keys);
    patchOverlay(this.editor.overlay, { replaced: new Map([[this.target, this.after]]) });
    return true;
  }

  override up(): boolean {
    const { after, before, target } = this;
    if (after && after.width >= 1 && after.height >= 1) {
      const change = { op: 'set', target, field: 'shape', value: after, prev: before } as const;
      this.editor.commit('Resize', [change]);
    }
    this.tool.go('idle');
    return true;
  }

  override cancel(): boolean {
    this.tool.go('idle');
    return true;
  }
}
