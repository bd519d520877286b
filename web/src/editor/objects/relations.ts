/**
 * Arrows from one object to another. They live in the object that they leave; one whose other end
 * is gone is kept and not shown, because undo may bring that end back.
 */
import type { Annotation, OperationDraft, Relation } from '../../kernel/records';
import { t } from '../../i18n/i18n';
import type { Editor } from '../editor';

export const kKindLengthMax = 100;
export const kRelationsMax = 100;

export interface Arrow {
  from: string;
  to: string;
  kind: string;
}

function relationsOf(annotation: Annotation): readonly Relation[] {
  return annotation.relations ?? [];
}

function setRelations(annotation: Annotation, value: readonly Relation[]): OperationDraft {
  return {
    op: 'set',
    target: annotation.id,
    field: 'relations',
    value: value.length > 0 ? value : null,
    prev: annotation.relations ?? null,
  };
}

/** Returns whether there is such an arrow now. */
export function relate(editor: Editor, from: string, to: string, kind = ''): boolean {
  const annotation = editor.store.get(from)?.annotation;
  if (!annotation || from === to || !editor.store.get(to)) return false;
  const known = relationsOf(annotation);
  if (known.some((one) => one.to === to && (one.kind ?? '') === kind)) return true;
  if (known.length >= kRelationsMax) {
    editor.notices.emit({ tone: 'error', code: 'too_many_relations' });
    return false;
  }
  if (!editor.mayChange(from)) {
    editor.notices.emit({ tone: 'info', code: editor.locked() ?? 'object_locked' });
    return false;
  }
  const made: Relation = kind === '' ? { to } : { to, kind };
  return editor.commit(t('objects.steps.relate'), [setRelations(annotation, [...known, made])]);
}

export function unrelate(editor: Editor, arrow: Arrow): void {
  const annotation = editor.store.get(arrow.from)?.annotation;
  if (!annotation || !editor.mayChange(arrow.from)) return;
  const rest = relationsOf(annotation).filter(
    (one) => one.to !== arrow.to || (one.kind ?? '') !== arrow.kind,
  );
  editor.commit(t('objects.steps.unrelate'), [setRelations(annotation, rest)]);
}

export function renameArrow(editor: Editor, arrow: Arrow, kind: string): void {
  const annotation = editor.store.get(arrow.from)?.annotation;
  if (!annotation || kind === arrow.kind || !editor.mayChange(arrow.from)) return;
  const next = relationsOf(annotation).map((one): Relation => {
    if (one.to !== arrow.to || (one.kind ?? '') !== arrow.kind) return one;
    return kind === '' ? { to: one.to } : { to: one.to, kind };
  });
  editor.commit(t('objects.steps.renameRelation'), [setRelations(annotation, next)]);
}

/** Arrows by where they arrive, kept as objects change: nobody looks through all of them. */
export class Arrivals {
  private readonly into = new Map<string, Set<string>>();
  private readonly targets = new Map<string, readonly string[]>();

  put({ id, relations }: Annotation): void {
    const before = this.targets.get(id);
    if (before === undefined && !relations?.length) return;
    this.remove(id);
    if (!relations?.length) return;
    this.targets.set(
      id,
      relations.map(({ to }) => to),
    );
    for (const { to } of relations) {
      const sources = this.into.get(to) ?? new Set();
      this.into.set(to, sources.add(id));
    }
  }

  remove(id: string): void {
    for (const to of this.targets.get(id) ?? []) this.into.get(to)?.delete(id);
    this.targets.delete(id);
  }

  /** Those that have an arrow to `id`. */
  sourcesOf(id: string): Iterable<string> {
    return this.into.get(id) ?? [];
  }

  /** All that have an arrow. */
  senders(): Iterable<string> {
    return this.targets.keys();
  }
}

/** Arrows that leave `id`, then those that arrive there; both ends are present. */
export function arrowsAt(editor: Editor, id: string): Arrow[] {
  const leaving = arrowsFrom(editor, id);
  const arriving = [...editor.arrivals.sourcesOf(id)]
    .filter((from) => from !== id)
    .flatMap((from) => arrowsFrom(editor, from).filter((arrow) => arrow.to === id));
  return [...leaving, ...arriving];
}

export function allArrows(editor: Editor): Arrow[] {
  return [...editor.arrivals.senders()].flatMap((id) => arrowsFrom(editor, id));
}

function arrowsFrom(editor: Editor, from: string): Arrow[] {
  const annotation = editor.store.get(from)?.annotation;
  if (!annotation) return [];
  return relationsOf(annotation).flatMap(({ to, kind }) =>
    editor.store.get(to) ? [{ from, to, kind: kind ?? '' }] : [],
  );
}
