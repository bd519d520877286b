/**
 * The document as the screen reads it: one entry per annotation with its outline, kept in step with
 * the session by the ids it says were touched, and indexed by place. Entries are immutable and
 * replaced whole, so a listener may compare them by identity.
 */
import type { Kernel } from '../kernel/kernel';
import type { Annotation } from '../kernel/records';
import { Emitter, Signal } from './signal';
import { kUnknownLabel, type Label } from './labels';
import { kEmptyOutline, outlineArea, outlineOf, type Bounds, type Outline } from './outline';
import { withBones } from './skeletons/bones';
import { SpatialIndex } from './spatial';
import { insertSorted, removeSorted } from './sortedList';

export interface Entry {
  readonly annotation: Annotation;
  readonly outline: Outline;
  readonly placed: boolean;
  readonly area: number;
}

export interface StoreDiff {
  readonly added: readonly Entry[];
  readonly updated: readonly Entry[];
  readonly removed: readonly string[];
  /** What updated and removed entries were before, by id. */
  readonly before: ReadonlyMap<string, Entry>;
}

/** From this share of changed entries on, sorting anew beats moving them one by one. */
const kResortShare = 0.05;

export interface DocumentSource {
  get(id: string): Annotation | null;
  items(): Annotation[];
}

export class DocumentStore {
  readonly changes = new Emitter<StoreDiff>();
  /** Grows with every change; what React subscribes to. */
  readonly version = new Signal(0);
  private readonly entries = new Map<string, Entry>();
  private readonly index = new SpatialIndex();
  private order: Entry[] | null = null;

  constructor(
    private readonly kernel: Kernel,
    private readonly labelOf: (annotation: Annotation) => Label = () => kUnknownLabel,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  get(id: string): Entry | undefined {
    return this.entries.get(id);
  }

  /** From the bottom to the top. */
  ordered(): readonly Entry[] {
    this.order ??= [...this.entries.values()].sort(byDepth);
    return this.order;
  }

  topDepth(): string | null {
    return this.ordered().at(-1)?.annotation.z ?? null;
  }

  within(bounds: Bounds): Entry[] {
    const found: Entry[] = [];
    for (const id of this.index.search(bounds)) {
      const entry = this.entries.get(id);
      if (entry) found.push(entry);
    }
    return found;
  }

  /** Follows the source: `touched` ids, or everything when null. */
  sync(source: DocumentSource, touched: readonly string[] | null): void {
    const added: Entry[] = [];
    const updated: Entry[] = [];
    const removed: string[] = [];
    const visit = (id: string, annotation: Annotation | null) => {
      const before = this.entries.get(id);
      if (annotation === null) {
        if (before) removed.push(id);
        return;
      }
      if (before && sameRecord(before.annotation, annotation)) return;
      (before ? updated : added).push(this.makeEntry(annotation, before));
    };
    if (touched === null) {
      const items = source.items();
      if (this.entries.size > 0) {
        const present = new Set(items.map((item) => item.id));
        for (const id of this.entries.keys()) if (!present.has(id)) visit(id, null);
      }
      for (const item of items) visit(item.id, item);
    } else {
      for (const id of new Set(touched)) visit(id, source.get(id));
    }
    this.applyDiff(added, updated, removed);
  }

  private makeEntry(annotation: Annotation, before: Entry | undefined): Entry {
    const same =
      before && JSON.stringify(before.annotation.shape) === JSON.stringify(annotation.shape);
    const sameLabel = before?.annotation.label_id === annotation.label_id;
    if (same && (sameLabel || annotation.shape.type !== 'skeleton')) {
      return { ...before, annotation };
    }
    return this.drawn(annotation);
  }

  /** The labels have changed: skeletons may have other bones. */
  redraw(): void {
    const skeletons = [...this.entries.values()].filter(
      ({ annotation }) => annotation.shape.type === 'skeleton',
    );
    const updated = skeletons.map(({ annotation }) => this.drawn(annotation));
    this.applyDiff([], updated, []);
  }

  private drawn(annotation: Annotation): Entry {
    const { shape } = annotation;
    const outline = withBones(outlineOf(shape, this.kernel), shape, this.labelOf(annotation));
    return {
      annotation,
      outline: outline ?? kEmptyOutline,
      placed: outline !== null,
      area: outline ? outlineArea(outline) : 0,
    };
  }

  private applyDiff(added: Entry[], updated: Entry[], removed: string[]): void {
    const put = [...added, ...updated];
    if (put.length + removed.length === 0) return;
    const gone = [...updated.map((entry) => entry.annotation.id), ...removed];
    const before = new Map(gone.flatMap((id) => this.pair(id)));
    this.reorder([...before.values()], put);
    for (const id of removed) {
      this.entries.delete(id);
      this.index.remove(id);
    }
    for (const entry of put) this.entries.set(entry.annotation.id, entry);
    this.index.put(
      put.map((entry) => ({
        id: entry.annotation.id,
        bounds: entry.placed ? entry.outline.bounds : null,
      })),
    );
    this.changes.emit({ added, updated, removed, before });
    this.version.update((version) => version + 1);
  }

  private pair(id: string): [string, Entry][] {
    const entry = this.entries.get(id);
    return entry ? [[id, entry]] : [];
  }

  /** Readers keep the array they were given, so each change makes a new one. */
  private reorder(gone: readonly Entry[], put: readonly Entry[]): void {
    if (!this.order) return;
    if (gone.length + put.length > 16 + this.order.length * kResortShare) {
      this.order = null;
      return;
    }
    const order = [...this.order];
    for (const entry of gone) removeSorted(order, entry, byDepth);
    for (const entry of put) insertSorted(order, entry, byDepth);
    this.order = order;
  }
}

/** The drawing order: by `z`, then by age, which ids tell. */
export function byDepth({ annotation: a }: Entry, { annotation: b }: Entry): number {
  const za = a.z ?? '';
  const zb = b.z ?? '';
  if (za !== zb) return za < zb ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function sameRecord(a: Annotation, b: Annotation): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
