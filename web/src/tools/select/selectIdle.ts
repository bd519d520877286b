import { addPointAt } from '../../editor/addVertex';
import { cycleJoint, takeGrip } from '../../editor/grip';
import { t } from '../../i18n/i18n';
import type { PointerInput } from '../../editor/input';
import { kEmptyOverlay, patchOverlay } from '../../editor/overlay';
import { deleteVertex, vertexAt } from '../../editor/vertices';
import { ToolPhase } from '../toolNode';
import { gripAt, type GripHit } from './grips';

export class SelectIdle extends ToolPhase {
  readonly id = 'idle';
  private lastPick: { x: number; y: number; ids: string[]; turn: number } | null = null;

  override enter(): void {
    this.editor.cursor.set('default');
    patchOverlay(this.editor.overlay, { replaced: kEmptyOverlay.replaced, marquee: null });
  }

  override exit(): void {
    patchOverlay(this.editor.overlay, { mark: null });
  }

  override move(input: PointerInput): boolean {
    const hit = gripAt(this.editor, input);
    this.showMark(hit);
    const top = hit ? hit.entry.annotation.id : (this.editor.pick(...input.point)[0] ?? null);
    this.editor.hovered.set(top);
    this.editor.cursor.set(this.cursorFor(hit, top, input));
    return true;
  }

  override leave(): boolean {
    this.editor.hovered.set(null);
    patchOverlay(this.editor.overlay, { mark: null });
    return true;
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0) return false;
    const hit = gripAt(this.editor, input);
    if (hit) return this.take(hit, input);
    if (input.alt && addPointAt(this.editor, input.point)) return true;
    const ids = this.editor.pick(...input.point);
    if (ids.length === 0) {
      this.tool.go('marquee', input);
      return true;
    }
    this.choose(ids, input);
    this.tool.go('pointing', input);
    return true;
  }

  /** By keyboard: the handles of the one selected object. */
  override complete(): boolean {
    return takeGrip(this.editor);
  }

  override double(input: PointerInput): boolean {
    const hit = gripAt(this.editor, input);
    if (hit?.kind !== 'handle') return false;
    cycleJoint(this.editor, hit.entry, hit.handle.id);
    return true;
  }

  override cancel(): boolean {
    if (this.editor.selection.get().size === 0) return false;
    this.editor.select([]);
    return true;
  }

  private take(hit: GripHit, input: PointerInput): boolean {
    if (hit.kind === 'handle') this.tool.go('resizing', { hit, input });
    else if (hit.kind === 'vertex' && input.alt) this.removeVertex(hit);
    else this.tool.go('vertex', { hit, input });
    return true;
  }

  private removeVertex(hit: GripHit & { kind: 'vertex' }): void {
    const operation = deleteVertex(hit.entry.annotation, hit.at);
    if (operation) this.editor.commit(t('tools.steps.deleteVertex'), [operation]);
    else this.editor.notices.emit({ tone: 'info', code: 'vertex_needed' });
    patchOverlay(this.editor.overlay, { mark: null });
  }

  /** Clicking again at the same place walks down the stack of objects. */
  private choose(ids: string[], input: PointerInput): void {
    const selection = this.editor.selection.get();
    if (input.shift || input.ctrl) {
      const next = new Set(selection);
      const id = ids[0]!;
      if (next.has(id)) next.delete(id);
      else next.add(id);
      return this.editor.select(next);
    }
    const [x, y] = input.screen;
    const last = this.lastPick;
    const again = last && Math.hypot(last.x - x, last.y - y) < 4 && same(last.ids, ids);
    const turn = again ? (last.turn + 1) % ids.length : 0;
    if (!again && ids.some((id) => selection.has(id))) {
      this.lastPick = { x, y, ids, turn: ids.findIndex((id) => selection.has(id)) };
      return;
    }
    this.lastPick = { x, y, ids, turn };
    this.editor.select([ids[turn]!]);
  }

  private showMark(hit: GripHit | null): void {
    if (!hit || hit.kind === 'handle') {
      if (this.editor.overlay.get().mark) patchOverlay(this.editor.overlay, { mark: null });
      return;
    }
    const [x, y] =
      hit.kind === 'edge' ? [hit.at.x, hit.at.y] : vertexAt(hit.entry.annotation.shape, hit.at);
    patchOverlay(this.editor.overlay, { mark: { kind: hit.kind, x, y } });
  }

  private cursorFor(hit: GripHit | null, top: string | null, input: PointerInput): string {
    if (hit?.kind === 'handle') return hit.handle.cursor;
    if (hit?.kind === 'vertex') return input.alt ? 'not-allowed' : 'move';
    if (hit?.kind === 'edge') return 'copy';
    if (top === null) return 'default';
    return this.editor.selection.get().has(top) ? 'move' : 'pointer';
  }
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
