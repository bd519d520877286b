/**
 * The editor without a screen: document, view, selection, labels and what is being drawn, joined to
 * the session that owns the truth. Tools and commands act through it; the canvas and the panels
 * read its signals. It knows neither React nor the network.
 */
import { t } from '../i18n/i18n';
import type { Kernel } from '../kernel/kernel';
import { uuidv7 } from '../kernel/ids';
import type {
  Annotation,
  AttributeValue,
  Operation,
  OperationDraft,
  Point,
  PolygonPart,
  Rle,
  Shape,
} from '../kernel/records';
import type {
  Gesture,
  SaveState,
  Session,
  SessionListeners,
  SessionNotice,
  Touched,
} from '../net/session';
import type { Rect } from './camera';
import { Company } from './company';
import { Discussion } from './discussion';
import type { Grip } from './grip';
import { History } from './history';
import { aroundPoint, hitsAt } from './hitTest';
import type { ToolInput } from './input';
import { kUnknownLabel, takesShape, type Label } from './labels';
import { affected, Meanwhile, type MeanwhileKind } from './meanwhile';
import { Vision, type VisionPort } from './masks/vision';
import { kEmptyOverlay, type Ghost, type OverlayState, type PromptPoint } from './overlay';
import type { Bounds } from './outline';
import { diffToNow, type Past, type PastDiff } from './past';
import type { Readiness } from './readiness';
import { Emitter, Signal } from './signal';
import { strayed, under } from './rescue';
import { Redraw } from './redraw';
import { showPresence } from './showing';
import { titled } from './stepTitles';
import { Ages } from './objects/ages';
import { ObjectFilter } from './objects/filter';
import { Arrivals } from './objects/relations';
import { Warnings } from './objects/warnings';
import { DocumentStore, type Entry, type StoreDiff } from './store';
import type { ToolId } from './toolIds';
import { kPlainLook, type Look } from './look';
import { focusVertex } from './vertexFocus';
import type { VertexRef } from './vertices';
import { View } from './view';

export type { ToolId } from './toolIds';

export interface SegmentRequest {
  points: readonly PromptPoint[];
  box: Bounds | null;
  /** What is there already, to be made better. */
  previous?: Rle;
}

export interface SegmentMask {
  rle: Rle;
  score: number;
}

/** What the editor asks of the world around it. */
export interface EditorServices {
  segment(request: SegmentRequest, signal: AbortSignal): Promise<SegmentMask | null>;
  /** Has the model read the image, so that segmenting and previewing answer at once. */
  readImage(signal: AbortSignal): Promise<void>;
  /** A coarse outline of what a click here would give. */
  preview(at: Point, signal: AbortSignal): Promise<readonly PolygonPart[]>;
  /** Called when something is drawn in a project that has no label yet. */
  createFirstLabel(): Promise<Label>;
  /** The project's labels as they are now; they also become the editor's. */
  refreshLabels(): Promise<readonly Label[]>;
  /** Who looks at pixels for wand, scissors and superpixels; absent where nobody can. */
  vision?(): VisionPort;
}

export interface EditorNotice {
  tone: 'info' | 'error';
  code: string;
  detail?: string;
  /** The user whose change is the cause. */
  by?: string | null;
  /** Brings back what was lost. */
  mend?: (() => void) | null;
}

export interface MenuRequest {
  /** CSS pixels of the stage. */
  screen: Point;
  /** Image pixels. */
  point: Point;
  pointer: 'mouse' | 'pen' | 'touch';
}

/** Only a model's result, a polygon or a mask, can be stored either way. */
export type MaskForm = 'mask' | 'polygon';

export interface ToolHost {
  dispatch(input: ToolInput): boolean;
  /** For tests and the status bar: `box.drawing`. */
  path(): string;
}

const kPickTolerancePx = 6;

export class Editor {
  readonly view = new View();
  /** How the picture and the shapes are shown; see `look.ts`. */
  readonly look = new Signal<Look>(kPlainLook);
  /** A menu is asked for by a finger that rests. */
  readonly menus = new Emitter<MenuRequest>();
  /** The image's pixels, at `scale` of its size; the canvas gives them, null where it cannot. */
  pixels: (rect: Rect, scale?: number) => Promise<ImageData | null> = () => Promise.resolve(null);
  readonly store: DocumentStore;
  readonly history: History;
  readonly selection = new Signal<ReadonlySet<string>>(new Set());
  readonly hovered = new Signal<string | null>(null);
  /** The handle of the selected object that the keyboard has hold of. */
  readonly grip = new Signal<Grip | null>(null);
  readonly hidden = new Signal<ReadonlySet<string>>(new Set());
  /** Grows when `isVisible` answers differently: something was hidden, or the filter changed. */
  readonly visibility = new Signal(0);
  readonly filter: ObjectFilter;
  readonly warnings: Warnings;
  readonly ages = new Ages();
  readonly arrivals = new Arrivals();
  /** Whether all arrows are drawn, not only those of what is selected or under the pointer. */
  readonly allArrows = new Signal(false);
  /** Objects that this person keeps from change: they are shown and cannot be taken hold of. */
  readonly guarded = new Signal<ReadonlySet<string>>(new Set());
  /** Objects that stay where they are; their size and vertices can still be edited. */
  readonly pinned = new Signal<ReadonlySet<string>>(new Set());
  readonly labels = new Signal<readonly Label[]>([]);
  readonly activeLabel = new Signal<string | null>(null);
  readonly tool = new Signal<ToolId>('select');
  readonly redraw = new Redraw(this.tool);
  /** Of the only selected object: what arrow keys and Delete work on. */
  readonly vertex = new Signal<VertexRef | null>(null);
  readonly cursor = new Signal<string>('default');
  readonly overlay = new Signal<OverlayState>(kEmptyOverlay);
  readonly ghosts = new Signal<readonly Ghost[]>([]);
  readonly focusedGhost = new Signal<string | null>(null);
  readonly saveState = new Signal<SaveState>({ kind: 'saved' });
  /** Of the model behind the AI tool. */
  readonly readiness = new Signal<Readiness>({ state: 'idle' });
  /** The object that the AI tool changes instead of making a new one. */
  readonly refining = new Signal<string | null>(null);
  /** Whether vertices snap to neighbours and to the border of the image. */
  readonly snapping = new Signal(true);
  /** Whether polygons begun inside the selected one become holes of it, as with Alt. */
  readonly cutting = new Signal(false);
  readonly maskForm = new Signal<MaskForm>('polygon');
  vision: Vision | null;
  readonly notices = new Emitter<EditorNotice>();
  readonly announcements = new Emitter<string>();
  readonly company = new Company();
  readonly discussion = new Discussion();
  readonly meanwhile = new Meanwhile();
  /** While set, the canvas shows that state and nothing can be changed. */
  readonly past = new Signal<Past | null>(null);
  /** How now differs from `past`. */
  readonly pastDiff = new Signal<readonly PastDiff[]>([]);
  private session: Session | null = null;
  private hide: (() => void) | null = null;

  constructor(
    readonly kernel: Kernel,
    readonly services: EditorServices,
  ) {
    this.store = new DocumentStore(kernel, (annotation) => this.labelOf(annotation));
    this.labels.subscribe(() => this.store.redraw());
    const port = services.vision?.() ?? null;
    this.vision = port && new Vision(port, (rect, scale) => this.pixels(rect, scale));
    this.warnings = new Warnings({
      store: this.store,
      kernel,
      labels: () => this.labels.get(),
      image: () => this.view.image.get(),
    });
    this.filter = new ObjectFilter({
      labelOf: (annotation) => this.labelOf(annotation),
      numberOf: (id) => this.ages.numberOf(id),
      warned: (id) => this.warnings.of(id).length > 0,
    });
    this.followObjects();
    this.selection.subscribe(() => focusVertex(this, null));
    this.history = new History((operations, gesture) => this.run(operations, gesture), kernel);
    this.history.skipped.on((detail) =>
      this.notices.emit({ tone: 'info', code: 'step_overruled', detail }),
    );
    this.company.remote.on((operations) => {
      for (const { kind, by, ids } of affected(operations, this.selection.get())) {
        this.tellMeanwhile(kind, by, ids);
      }
    });
  }

  /** What a session calls; pass these to `openSession`. */
  readonly listeners: SessionListeners = {
    onChange: (touched: Touched) => {
      if (!this.session) return;
      if (this.past.get()) return this.comparePast();
      this.store.sync(this.session, touched);
      this.forgetMissing();
    },
    onSaveState: (state: SaveState) => this.saveState.set(state),
    onNotice: (notice: SessionNotice) => void this.hear(notice),
    onForeign: (change, waiting) => this.history.carryOver(change, waiting),
    onReinverted: (step, target, operations) => this.history.reinvert(step, target, operations),
    onReplaced: () => {
      this.history.clear();
      void this.recallSteps();
    },
  };

  attach(session: Session): void {
    this.session = session;
    this.store.sync(session, null);
    this.hide = showPresence(this, session);
    void this.recallSteps();
  }

  detach(): void {
    const session = this.session;
    this.vision?.close();
    this.hide?.();
    this.hide = null;
    this.warnings.dispose();
    this.session = null;
    session?.close();
  }

  /** Shows an earlier state, read only; null goes back to now. */
  travel(past: Past | null): void {
    if (!this.session) return;
    this.past.set(past);
    if (past) {
      const { items } = past;
      this.tool.set('select');
      const get = (id: string) => items.get(id) ?? null;
      this.store.sync({ get, items: () => [...items.values()] }, null);
    } else this.store.sync(this.session, null);
    this.comparePast();
    this.forgetMissing();
  }

  /** Why nothing can be changed now, as a notice's code; null when it can. */
  locked(): 'in_the_past' | 'read_only' | null {
    if (this.past.get()) return 'in_the_past';
    return this.company.canWrite.get() ? null : 'read_only';
  }

  /** The session below, for saving now, retrying and refreshing. */
  get door(): Session | null {
    return this.session;
  }

  /** One step of history, however many operations. Returns whether anything was applied. */
  commit(title: string, operations: readonly OperationDraft[]): boolean {
    const step = uuidv7();
    const { applied, inverse } = this.run(operations, { step });
    if (applied.length === 0) return false;
    this.history.record({ step, title, operations: inverse });
    return true;
  }

  /**
   * Adds an object with the active label, selected. In a project without labels one is made first,
   * so that drawing never waits for a dialog.
   */
  async create(shape: Shape, extra: Partial<Annotation> = {}): Promise<string | null> {
    const redrawn = this.redraw.take();
    if (redrawn !== null && this.store.get(redrawn)) return this.replaceShape(redrawn, shape);
    const label = this.labelFor(shape) ?? (await this.firstLabel(shape));
    if (label === null) return null;
    const annotation: Annotation = {
      id: uuidv7(),
      label_id: label.id,
      shape,
      attributes: defaultAttributes(label),
      source: 'manual',
      ...this.onTop(),
      ...extra,
    };
    if (!this.commit(t('editor.steps.add', { label: label.name }), [{ op: 'put', annotation }]))
      return null;
    this.select([annotation.id]);
    return annotation.id;
  }

  private replaceShape(target: string, value: Shape): string {
    const prev = this.store.get(target)!.annotation.shape;
    this.commit(t('tools.steps.redraw'), [{ op: 'set', target, field: 'shape', value, prev }]);
    this.select([target]);
    return target;
  }

  currentLabel(): Label | null {
    const labels = this.labels.get();
    return labels.find((label) => label.id === this.activeLabel.get()) ?? labels[0] ?? null;
  }

  /** Later objects lie on earlier ones by themselves, unless something was brought to the front. */
  onTop(): { z?: string } {
    const top = this.store.topDepth();
    return top === null ? {} : { z: this.kernel.keyBetween(top, null) };
  }

  /** The active label; where it does not take this shape, the first one that does. */
  labelFor(shape: Shape): Label | null {
    const active = this.currentLabel();
    if (active === null || takesShape(active, shape.type)) return active;
    return this.labels.get().find((label) => takesShape(label, shape.type)) ?? null;
  }

  labelOf(annotation: Annotation): Label {
    return this.labels.get().find((label) => label.id === annotation.label_id) ?? kUnknownLabel;
  }

  select(ids: Iterable<string>): void {
    const next = new Set([...ids].filter((id) => this.store.get(id)));
    const before = this.selection.get();
    if (next.size === before.size && [...next].every((id) => before.has(id))) return;
    this.selection.set(next);
    this.announceSelection(next);
  }

  /** The selected entries, bottom first. */
  selected(): Entry[] {
    const ids = this.selection.get();
    return [...ids].flatMap((id) => this.store.get(id) ?? []);
  }

  isVisible(entry: Entry): boolean {
    return !this.hidden.get().has(entry.annotation.id) && this.filter.admits(entry);
  }

  /** Whether this person may change the object now. */
  mayChange(id: string): boolean {
    return this.locked() === null && !this.guarded.get().has(id);
  }

  /** Objects under an image point, the best match first. */
  pick(x: number, y: number): string[] {
    const tolerance = this.view.reach(kPickTolerancePx);
    const candidates = this.store.within(aroundPoint(x, y, tolerance));
    return hitsAt(candidates, x, y, {
      tolerance,
      visible: (entry) => this.isVisible(entry),
    });
  }

  /** What is known of the objects beside the document itself. */
  private followObjects(): void {
    this.store.changes.on((diff: StoreDiff) => {
      this.ages.follow(diff);
      for (const id of diff.removed) this.arrivals.remove(id);
      for (const { annotation } of diff.added) this.arrivals.put(annotation);
      for (const { annotation } of diff.updated) this.arrivals.put(annotation);
      this.warnings.follow(diff);
    });
    const shown = () => this.visibility.update((version) => version + 1);
    this.hidden.subscribe(shown);
    this.filter.criteria.subscribe(shown);
    this.warnings.version.subscribe(() => this.filter.criteria.get().warned && shown());
    this.labels.subscribe(() => {
      this.filter.forget();
      this.warnings.lookAgain();
      if (this.filter.active) shown();
    });
    this.view.image.subscribe(() => this.warnings.lookAgain());
  }

  private run(operations: readonly OperationDraft[], gesture: Gesture) {
    const locked = this.locked();
    if (locked) this.notices.emit({ tone: 'info', code: locked });
    if (!this.session || locked) return { applied: [], inverse: [] };
    return this.session.commit(operations, gesture);
  }

  /** What this person did on earlier visits can be undone too. */
  private async recallSteps(): Promise<void> {
    const steps = await this.session?.undoSteps();
    if (steps) this.history.fill(titled(steps.undo), titled(steps.redo));
  }

  private async firstLabel(shape: Shape): Promise<Label | null> {
    const active = this.currentLabel();
    if (active !== null) {
      this.notices.emit({ tone: 'error', code: 'no_label_for_shape', detail: shape.type });
      return null;
    }
    try {
      return await this.services.createFirstLabel();
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.notices.emit({ tone: 'error', code: 'label_not_created', detail });
      return null;
    }
  }

  private async hear(notice: SessionNotice): Promise<void> {
    const { code, detail, by, restore, operations } = notice;
    if (by === null && operations.some(({ op }) => op === 'put')) {
      const kept = await this.keepUnderOtherLabels(operations).catch(() => false);
      if (kept) return;
    }
    const mend =
      restore.length > 0 ? () => void this.commit(t('editor.steps.restore'), restore) : null;
    this.notices.emit({ tone: by === null ? 'error' : 'info', code, detail, by, mend });
  }

  /** True when the labels had changed and everything refused for it is there again. */
  private async keepUnderOtherLabels(refused: readonly Operation[]): Promise<boolean> {
    const objects = strayed(refused, await this.services.refreshLabels());
    for (const object of objects) {
      const label = this.labelFor(object.shape) ?? (await this.services.createFirstLabel());
      const annotation = under(label, object);
      if (!this.commit(t('editor.steps.add', { label: label.name }), [{ op: 'put', annotation }]))
        return false;
      const detail = t('editor.rescue.kept', { label: label.name });
      this.notices.emit({ tone: 'info', code: 'label_changed', detail });
    }
    return objects.length > 0;
  }

  /** Says of objects as they are known here what somebody else does to them. */
  tellMeanwhile(kind: MeanwhileKind, by: string, ids: readonly string[]): void {
    const objects = ids.flatMap((id) => this.store.get(id)?.annotation ?? []);
    this.meanwhile.add(kind, by, objects, performance.now());
  }

  private comparePast(): void {
    const past = this.past.get();
    const session = this.session;
    this.pastDiff.set(past && session ? diffToNow(past, session.items(), this.kernel) : []);
  }

  private forgetMissing(): void {
    const kept = [...this.selection.get()].filter((id) => this.store.get(id));
    if (kept.length !== this.selection.get().size) this.selection.set(new Set(kept));
    const hovered = this.hovered.get();
    if (hovered !== null && !this.store.get(hovered)) this.hovered.set(null);
  }

  private announceSelection(ids: ReadonlySet<string>): void {
    if (ids.size === 0) return;
    if (ids.size > 1) {
      return this.announcements.emit(t('editor.status.several', { count: ids.size }));
    }
    const entry = this.store.get([...ids][0]!);
    if (!entry) return;
    const [x0, y0, x1, y1] = entry.outline.bounds.map(Math.round) as [
      number,
      number,
      number,
      number,
    ];
    const name = this.labelOf(entry.annotation).name;
    const place = { width: `${x1 - x0}`, height: `${y1 - y0}`, x: `${x0}`, y: `${y0}` };
    this.announcements.emit(t('editor.status.one', { name, ...place }));
  }
}

export function defaultAttributes(label: Label): Record<string, AttributeValue> {
  const values: Record<string, AttributeValue> = {};
  for (const attribute of label.attributes ?? []) {
    const value = attribute.default_value;
    if (value !== undefined) values[attribute.name] = value;
  }
  return values;
}
