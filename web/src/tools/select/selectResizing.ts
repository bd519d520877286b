import { t } from '../../i18n/i18n';
import type { HandleLook } from '../../editor/handles/handle';
import { dragHandle, isSound } from '../../editor/handles/handles';
import type { PointerInput } from '../../editor/input';
import { patchOverlay } from '../../editor/overlay';
import { snapToGuides } from '../../editor/snapping/snapping';
import type { Shape } from '../../kernel/records';
import { ToolPhase } from '../toolNode';
import type { GripHit } from './grips';

/** A handle is dragged: a side, a corner, a joint, the knob that turns. */
export class SelectResizing extends ToolPhase {
  readonly id = 'resizing';
  private target = '';
  private before!: Shape;
  private handle = '';
  private look: HandleLook = 'corner';
  private after: Shape | null = null;

  override enter(info: unknown): void {
    const { hit } = info as { hit: GripHit & { kind: 'handle' } };
    this.target = hit.entry.annotation.id;
    this.before = hit.entry.annotation.shape;
    this.handle = hit.handle.id;
    this.look = hit.handle.look;
    if (this.look === 'turn') this.editor.cursor.set('grabbing');
    this.after = null;
  }

  override exit(): void {
    patchOverlay(this.editor.overlay, { replaced: new Map() });
  }

  override move(input: PointerInput): boolean {
    // The knob that turns may be pulled to where the image has ended.
    const turning = this.look === 'turn';
    const free = turning || input.shift || input.alt;
    const wanted = free ? input.point : snapToGuides(this.editor, input);
    const to = turning ? wanted : this.editor.view.clampToImage(wanted);
    this.after = dragHandle(this.before, this.handle, to, { shift: input.shift, alt: input.alt });
    patchOverlay(this.editor.overlay, { replaced: new Map([[this.target, this.after]]) });
    return true;
  }

  override up(): boolean {
    const { after, before, target } = this;
    if (after && isSound(after)) {
      const change = { op: 'set', target, field: 'shape', value: after, prev: before } as const;
      const title = this.look === 'turn' ? 'tools.steps.turn' : 'tools.steps.resize';
      this.editor.commit(t(title), [change]);
    }
    this.tool.go('idle');
    return true;
  }

  override cancel(): boolean {
    this.tool.go('idle');
    return true;
  }
}
