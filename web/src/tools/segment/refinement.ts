/** The object that clicks make better: its mask as the model is given it, and the change to it. */
import type { Editor } from '../../editor/editor';
import { patchOverlay } from '../../editor/overlay';
import { t } from '../../i18n/i18n';
import { polygonParts, type Annotation, type Rle, type Shape } from '../../kernel/records';

export function canRefine({ shape }: Annotation): boolean {
  return shape.type === 'mask' || shape.type === 'polygon';
}

export class Refinement {
  private previous: { id: string; rle: Rle } | null = null;

  constructor(private readonly editor: Editor) {}

  get target(): Annotation | null {
    const id = this.editor.refining.get();
    const annotation = id === null ? null : (this.editor.store.get(id)?.annotation ?? null);
    return annotation && canRefine(annotation) ? annotation : null;
  }

  /** The single selected mask or polygon, when it may be changed. */
  take(): void {
    const [chosen, ...others] = this.editor.selected();
    if (!chosen || others.length > 0 || !canRefine(chosen.annotation)) return;
    const { id } = chosen.annotation;
    if (this.editor.mayChange(id)) this.editor.refining.set(id);
  }

  /** The mask to start from, the same for all clicks of one refinement. */
  mask(): Rle | null {
    const target = this.target;
    if (!target) return null;
    if (this.previous?.id !== target.id) {
      this.previous = { id: target.id, rle: this.rleOf(target.shape) };
    }
    return this.previous.rle;
  }

  /** Shows the object as it would become; null as it is. */
  show(shape: Shape | null): void {
    const target = this.target;
    const replaced = shape && target ? [[target.id, shape] as const] : [];
    patchOverlay(this.editor.overlay, { replaced: new Map(replaced) });
  }

  /** Replaces the shape, in one step; label and attributes stay. */
  keep(shape: Shape): void {
    const target = this.target;
    if (!target) return this.editor.notices.emit({ tone: 'info', code: 'target_gone' });
    const prev = target.shape;
    const change = { op: 'set', target: target.id, field: 'shape', value: shape, prev } as const;
    this.editor.commit(t('ai.steps.refine'), [change]);
    this.end();
    this.editor.select([target.id]);
  }

  end(): void {
    this.previous = null;
    this.editor.refining.set(null);
  }

  private rleOf(shape: Shape): Rle {
    if (shape.type === 'mask') return shape.rle;
    const { width, height } = this.editor.view.image.get();
    const parts = shape.type === 'polygon' ? polygonParts(shape) : [];
    return this.editor.kernel.polygonToRle(parts, height, width);
  }
}
