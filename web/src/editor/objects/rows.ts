/**
 * The list of objects as rows: topmost first, grouped by label or group, without what the filter
 * leaves out. Built again only when an object comes, goes or changes its place; an edit of a shape
 * or an attribute leaves the rows as they are.
 */
import { t } from '../../i18n/i18n';
import type { Editor } from '../editor';
import { kUnknownLabel } from '../labels';
import { Signal } from '../signal';
import type { Entry, StoreDiff } from '../store';
import { groupColor, groupName } from './groups';

export const groupings = ['none', 'label', 'group'] as const;
export type Grouping = (typeof groupings)[number];

export interface Section {
  /** Empty where nothing is grouped: no heading then. */
  readonly key: string;
  readonly title: string;
  readonly color: string;
  readonly ids: readonly string[];
  readonly open: boolean;
}

export type Row =
  | { kind: 'section'; section: Section; position: number; count: number }
  | { kind: 'object'; id: string; level: 1 | 2; position: number; count: number };

/** Rows by their place, without an object for each of them. */
export class Layout {
  readonly count: number;
  /** Objects that the filter lets through, in closed sections too. */
  readonly objects: number;
  private readonly starts: number[] = [];
  private places: Map<string, number> | null = null;

  constructor(readonly sections: readonly Section[]) {
    let count = 0;
    let objects = 0;
    for (const section of sections) {
      this.starts.push(count);
      count += heading(section) + (section.open ? section.ids.length : 0);
      objects += section.ids.length;
    }
    this.count = count;
    this.objects = objects;
  }

  at(index: number): Row | null {
    if (index < 0 || index >= this.count) return null;
    const which = this.sectionAt(index);
    const section = this.sections[which]!;
    const inside = index - this.starts[which]! - heading(section);
    if (inside < 0) {
      return { kind: 'section', section, position: which + 1, count: this.sections.length };
    }
    const level = section.key === '' ? 1 : 2;
    const count = section.ids.length;
    return { kind: 'object', id: section.ids[inside]!, level, position: inside + 1, count };
  }

  /** -1 for what has no row. */
  indexOf(id: string): number {
    this.places ??= this.allPlaces();
    return this.places.get(id) ?? -1;
  }

  sectionIndex(key: string): number {
    const which = this.sections.findIndex((section) => section.key === key);
    return which < 0 ? -1 : this.starts[which]!;
  }

  private sectionAt(index: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private allPlaces(): Map<string, number> {
    const places = new Map<string, number>();
    this.sections.forEach((section, which) => {
      if (!section.open) return;
      const start = this.starts[which]! + heading(section);
      section.ids.forEach((id, inside) => places.set(id, start + inside));
    });
    return places;
  }
}

function heading(section: Section): number {
  return section.key === '' ? 0 : 1;
}

export class ObjectRows {
  /** Grows when `layout` is to be asked for again. */
  readonly version = new Signal(0);
  readonly grouping = new Signal<Grouping>('none');
  private readonly closed = new Set<string>();
  private known: Layout | null = null;
  private readonly stops: (() => void)[];

  constructor(private readonly editor: Editor) {
    const all = () => this.outdate();
    this.stops = [
      editor.store.changes.on((diff) => this.follow(diff)),
      editor.filter.criteria.subscribe(all),
      editor.warnings.version.subscribe(() => editor.filter.criteria.get().warned && all()),
      editor.labels.subscribe(all),
      this.grouping.subscribe(all),
    ];
  }

  dispose(): void {
    for (const stop of this.stops) stop();
  }

  layout(): Layout {
    this.known ??= new Layout(this.build());
    return this.known;
  }

  toggle(key: string, open = this.closed.has(key)): void {
    if (open === !this.closed.has(key)) return;
    if (open) this.closed.delete(key);
    else this.closed.add(key);
    this.outdate();
  }

  private outdate(): void {
    this.known = null;
    this.version.update((version) => version + 1);
  }

  private follow({ added, updated, removed, before }: StoreDiff): void {
    if (!this.known) return this.version.update((version) => version + 1);
    if (added.length > 0 || removed.length > 0) return this.outdate();
    if (updated.some((entry) => this.moved(entry, before))) this.outdate();
  }

  /** What the filter left out when the rows were built. */
  private leftOut = new Set<string>();

  private moved(entry: Entry, before: StoreDiff['before']): boolean {
    const { id } = entry.annotation;
    if (this.leftOut.has(id) === this.editor.filter.admits(entry)) return true;
    const old = before.get(id);
    return old === undefined || placeOf(old) !== placeOf(entry);
  }

  private build(): Section[] {
    const { editor } = this;
    const byKey = new Map<string, string[]>();
    const ordered = editor.store.ordered();
    this.leftOut = new Set();
    for (let i = ordered.length - 1; i >= 0; i--) {
      const entry = ordered[i]!;
      const { id } = entry.annotation;
      if (!editor.filter.admits(entry)) {
        this.leftOut.add(id);
        continue;
      }
      const key = this.keyOf(entry);
      const ids = byKey.get(key);
      if (ids) ids.push(id);
      else byKey.set(key, [id]);
    }
    return this.ordered(byKey);
  }

  private keyOf({ annotation }: Entry): string {
    switch (this.grouping.get()) {
      case 'none':
        return '';
      case 'label':
        return `label ${annotation.label_id ?? ''}`;
      case 'group':
        return `group ${annotation.group ?? ''}`;
    }
  }

  private ordered(byKey: ReadonlyMap<string, readonly string[]>): Section[] {
    const section = (key: string, title: string, color: string): Section => ({
      key,
      title,
      color,
      ids: byKey.get(key)!,
      open: !this.closed.has(key),
    });
    if (this.grouping.get() === 'none') {
      return byKey.has('') ? [section('', '', '')] : [];
    }
    if (this.grouping.get() === 'group') return groupSections(byKey, section);
    const named = this.editor.labels
      .get()
      .filter(({ id }) => byKey.has(`label ${id}`))
      .map(({ id, name, color }) => section(`label ${id}`, name, color));
    const told = new Set(named.map(({ key }) => key));
    const rest = [...byKey.keys()].filter((key) => !told.has(key));
    const nameless = t('objects.unlabelled');
    return [...named, ...rest.map((key) => section(key, nameless, kUnknownLabel.color))];
  }
}

/** What decides over the place of a row. */
function placeOf({ annotation: { label_id, group, z } }: Entry): string {
  return `${z ?? ''}|${label_id ?? ''}|${group ?? ''}`;
}

type MakeSection = (key: string, title: string, color: string) => Section;

function groupSections(
  byKey: ReadonlyMap<string, readonly string[]>,
  make: MakeSection,
): Section[] {
  const alone = 'group ';
  const groups = [...byKey.keys()].filter((key) => key !== alone).sort();
  const sections = groups.map((key, index) => {
    const group = key.slice(alone.length);
    return make(key, groupName(group, index + 1), groupColor(group));
  });
  if (byKey.has(alone)) sections.push(make(alone, t('objects.groups.none'), kUnknownLabel.color));
  return sections;
}
