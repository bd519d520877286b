/**
 * What is wrong with objects, looked for piece by piece while nothing else is to be done: each
 * change puts its object on a list, and a slice of that list is worked off at a time.
 */
import type { Kernel } from '../../kernel/kernel';
import type { Annotation } from '../../kernel/records';
import type { Size } from '../camera';
import { takesShape, type Label } from '../labels';
import { Signal } from '../signal';
import type { DocumentStore, Entry, StoreDiff } from '../store';
import { crossesItself } from './crossing';
import { sameRegion } from './sameRegion';

export const warningKinds = [
  'unlabelled',
  'label_gone',
  'wrong_kind',
  'missing',
  'outside',
  'small',
  'crossing',
  'duplicate',
] as const;
export type WarningKind = (typeof warningKinds)[number];

export interface Warning {
  readonly kind: WarningKind;
  /** The name of the attribute that is missing, the id of the twin. */
  readonly detail: string;
}

/** Below this many pixels on a side, as CVAT and others draw the line, a shape is a slip. */
const kSmallestSide = 3;
const kOutsideSlack = 0.5;
const kSliceMs = 6;
/** A crowd on one spot is not compared each with each. */
const kNeighboursMax = 60;
const kNone: readonly Warning[] = [];

export interface WarningFacts {
  store: DocumentStore;
  kernel: Kernel;
  labels(): readonly Label[];
  image(): Size;
}

export class Warnings {
  /** Grows when anything is found or mended. */
  readonly version = new Signal(0);
  private readonly found = new Map<string, readonly Warning[]>();
  private readonly twins = new Map<string, Set<string>>();
  private readonly waiting = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly facts: WarningFacts) {}

  /** How many objects have something wrong. */
  get count(): number {
    return this.found.size;
  }

  get settled(): boolean {
    return this.waiting.size === 0;
  }

  of(id: string): readonly Warning[] {
    return this.found.get(id) ?? kNone;
  }

  all(): IterableIterator<[string, readonly Warning[]]> {
    return this.found.entries();
  }

  follow({ added, updated, removed }: StoreDiff): void {
    let changed = false;
    for (const id of removed) {
      this.waiting.delete(id);
      this.part(id);
      if (this.found.delete(id)) changed = true;
    }
    for (const { annotation } of added) this.waiting.add(annotation.id);
    for (const { annotation } of updated) this.waiting.add(annotation.id);
    if (changed) this.tell();
    this.schedule();
  }

  /** Labels or the image are others now. */
  lookAgain(): void {
    for (const entry of this.facts.store.ordered()) this.waiting.add(entry.annotation.id);
    this.schedule();
  }

  /** Works until nothing waits; what a test calls, and what a slice does for its time. */
  work(untilMs = Infinity): void {
    let changed = false;
    for (const id of this.waiting) {
      this.waiting.delete(id);
      if (this.judge(id)) changed = true;
      if (performance.now() >= untilMs) break;
    }
    if (changed) this.tell();
  }

  dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.waiting.clear();
  }

  private schedule(): void {
    if (this.timer !== null || this.waiting.size === 0) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      whenIdle(() => {
        this.work(performance.now() + kSliceMs);
        this.schedule();
      });
    }, 16);
  }

  private tell(): void {
    this.version.update((version) => version + 1);
  }

  /** Returns whether what is known of it has changed. */
  private judge(id: string): boolean {
    const entry = this.facts.store.get(id);
    if (!entry) return this.found.delete(id);
    const before = this.found.get(id) ?? kNone;
    this.part(id);
    this.pair(entry);
    const [twin] = this.twins.get(id) ?? [];
    const now: Warning[] = [
      ...labelWarnings(entry.annotation, this.facts.labels()),
      ...this.shapeWarnings(entry),
      ...(twin === undefined ? [] : [{ kind: 'duplicate' as const, detail: twin }]),
    ];
    if (now.length === 0) this.found.delete(id);
    else this.found.set(id, now);
    return JSON.stringify(before) !== JSON.stringify(now);
  }

  private shapeWarnings({ annotation, outline, placed }: Entry): Warning[] {
    if (!placed) return [];
    const { width, height } = this.facts.image();
    const [x0, y0, x1, y1] = outline.bounds;
    const found: Warning[] = [];
    const out =
      x0 < -kOutsideSlack ||
      y0 < -kOutsideSlack ||
      x1 > width + kOutsideSlack ||
      y1 > height + kOutsideSlack;
    if (out) found.push({ kind: 'outside', detail: '' });
    const small = x1 - x0 < kSmallestSide || y1 - y0 < kSmallestSide;
    if (outline.filled && small) found.push({ kind: 'small', detail: '' });
    const rings = outline.paths.filter((path) => path.closed).map((path) => path.points);
    if (annotation.shape.type === 'polygon' && rings.some(crossesItself)) {
      found.push({ kind: 'crossing', detail: '' });
    }
    return found;
  }

  /** Both of a pair are told, whichever of them has changed. */
  private pair(entry: Entry): void {
    const { annotation, outline, placed } = entry;
    if (!placed || !outline.filled) return;
    // Whatever covers nearly the same covers its middle.
    const [x0, y0, x1, y1] = outline.bounds;
    const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
    const near = this.facts.store.within([x, y, x, y]);
    if (near.length > kNeighboursMax) near.length = kNeighboursMax;
    for (const other of near) {
      if (other.annotation.id === annotation.id) continue;
      if (other.annotation.label_id !== annotation.label_id) continue;
      if ((other.annotation.frame ?? 0) !== (annotation.frame ?? 0)) continue;
      if (!sameRegion(entry, other)) continue;
      this.link(annotation.id, other.annotation.id);
      this.link(other.annotation.id, annotation.id);
      this.rejudgeTwin(other.annotation.id);
    }
  }

  private link(id: string, twin: string): void {
    const known = this.twins.get(id) ?? new Set();
    this.twins.set(id, known.add(twin));
  }

  private part(id: string): void {
    const before = this.twins.get(id);
    this.twins.delete(id);
    for (const twin of before ?? []) {
      const others = this.twins.get(twin);
      others?.delete(id);
      if (others?.size === 0) this.twins.delete(twin);
      this.rejudgeTwin(twin);
    }
  }

  private rejudgeTwin(id: string): void {
    const rest = this.of(id).filter(({ kind }) => kind !== 'duplicate');
    const [twin] = this.twins.get(id) ?? [];
    const now = twin === undefined ? rest : [...rest, { kind: 'duplicate' as const, detail: twin }];
    if (now.length === 0) this.found.delete(id);
    else this.found.set(id, now);
  }
}

/** Never between two frames of a pan; where there is no such thing as idling, at once. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work);
  else work();
}

function labelWarnings(annotation: Annotation, labels: readonly Label[]): Warning[] {
  if (!annotation.label_id) return [{ kind: 'unlabelled', detail: '' }];
  // Before the labels are there nothing can be said of them.
  if (labels.length === 0) return [];
  const label = labels.find(({ id }) => id === annotation.label_id);
  if (!label) return [{ kind: 'label_gone', detail: '' }];
  const found: Warning[] = [];
  if (!takesShape(label, annotation.shape.type)) {
    found.push({ kind: 'wrong_kind', detail: label.kind ?? '' });
  }
  for (const { name, required } of label.attributes ?? []) {
    const value = annotation.attributes[name];
    const empty = value === undefined || value === null || value === '';
    if (required && (empty || (Array.isArray(value) && value.length === 0))) {
      found.push({ kind: 'missing', detail: name });
    }
  }
  return found;
}
