/** Copying, cutting and pasting in the editor; the clip is shared by the tabs of this browser. */
import type { Annotation } from '../../kernel/records';
import { t } from '../../i18n/i18n';
import { shelfGet, shelfPut } from '../../net/shelf';
import type { Editor } from '../editor';
import { takesShape } from '../labels';
import { outlineOf, type Bounds } from '../outline';
import { limitMove, translateShape } from '../transform';
import { checkClip, clipOf, land, readClip, type Clip, type Refusal } from './clipboard';

const kShelf = 'clipboard';
/** Image pixels by which a copy is set off from its original. */
const kStep = 12;

let held: Clip | null = null;
/** How often what is held was pasted into which editor. */
let pasted: { editor: Editor; clip: Clip; times: number } | null = null;
/** The editor that the clip comes from: only there copies would cover their originals. */
let origin: Editor | null = null;

export function selectedClip(editor: Editor): Clip {
  const objects = editor.selected().map((entry) => entry.annotation);
  return clipOf(objects, editor.labels.get(), editor.view.image.get());
}

export async function copySelection(editor: Editor): Promise<void> {
  const clip = selectedClip(editor);
  if (clip.objects.length === 0) return;
  held = clip;
  origin = editor;
  pasted = null;
  editor.announcements.emit(t('objects.clipboard.copied', { count: clip.objects.length }));
  await shelfPut(kShelf, clip);
}

/** Another tab may have copied something later than this one. */
async function latest(): Promise<Clip | null> {
  const stored = await shelfGet(kShelf);
  const reading = stored === undefined ? null : checkClip(stored);
  if (!reading?.ok) return held;
  const same = held !== null && JSON.stringify(held) === JSON.stringify(stored);
  if (!same) {
    held = reading.clip;
    origin = null;
    pasted = null;
  }
  return held;
}

/** `inPlace`: exactly where it was copied. */
export async function pasteHeld(editor: Editor, inPlace = false): Promise<void> {
  const clip = await latest();
  if (!clip) {
    editor.notices.emit({ tone: 'info', code: 'clipboard_empty' });
    return;
  }
  const times = pasted?.editor === editor && pasted.clip === clip ? pasted.times + 1 : 1;
  pasted = { editor, clip, times };
  pasteClip(
    editor,
    clip,
    inPlace ? 0 : stepsFor(times, origin === editor),
    t('objects.steps.paste'),
  );
}

/** Beside the original first, then exactly on it, then further and further away. */
function stepsFor(times: number, covers: boolean): number {
  if (!covers) return times - 1;
  return times === 1 ? 1 : times === 2 ? 0 : times - 1;
}

/** Text from elsewhere; what is refused says why. Returns whether it was meant for us. */
export function pasteText(editor: Editor, text: string): boolean {
  // What was copied here came back: that counts how often it was pasted.
  if (held !== null && text === JSON.stringify(held)) {
    void pasteHeld(editor);
    return true;
  }
  const reading = readClip(text);
  if (!reading.ok) {
    if (reading.refusal.kind === 'not_objects') return false;
    editor.notices.emit({
      tone: 'error',
      code: 'paste_refused',
      detail: refusalText(reading.refusal),
    });
    return true;
  }
  pasteClip(editor, reading.clip, 0, t('objects.steps.paste'));
  return true;
}

export function refusalText(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'not_objects':
      return t('objects.clipboard.notObjects');
    case 'version':
      return t('objects.clipboard.version', { version: refusal.version });
    case 'too_long':
      return t('objects.clipboard.tooLong', { most: Math.round(refusal.most / 1e6) });
    case 'too_many_objects':
      return t('objects.clipboard.tooManyObjects', { found: refusal.found, most: refusal.most });
    case 'too_many_points':
      return t('objects.clipboard.tooManyPoints', { found: refusal.found, most: refusal.most });
    case 'bad_object':
      return t('objects.clipboard.badObject', { number: refusal.number });
  }
}

export function duplicateSelection(editor: Editor): void {
  pasteClip(editor, selectedClip(editor), 1, t('objects.steps.duplicate'));
}

/** Returns the ids of what was added, selected. */
export function pasteClip(editor: Editor, clip: Clip, steps: number, title: string): string[] {
  const { copies, left } = land(clip, {
    labels: editor.labels.get(),
    size: editor.view.image.get(),
    fallback: (shape) => editor.labelFor(shape),
    takes: takesShape,
  });
  if (left > 0) {
    const detail = t('objects.clipboard.left', { count: left });
    editor.notices.emit({ tone: 'info', code: 'paste_partly', detail });
  }
  const [dx, dy] = shift(editor, copies, steps * kStep);
  let top = editor.store.topDepth();
  const placed = copies.map((copy): Annotation => {
    if (top !== null) top = editor.kernel.keyBetween(top, null);
    const shape = translateShape(copy.shape, dx, dy, editor.kernel);
    return { ...copy, shape, ...(top !== null && { z: top }) };
  });
  const done = editor.commit(
    title,
    placed.map((annotation) => ({ op: 'put', annotation })),
  );
  const ids = placed.map(({ id }) => id);
  if (done) editor.select(ids);
  return done ? ids : [];
}

/** As far as the image goes; copies of a larger image are drawn back onto it. */
function shift(editor: Editor, copies: readonly Annotation[], step: number) {
  const outlines = copies.flatMap((copy) => outlineOf(copy.shape, editor.kernel) ?? []);
  if (outlines.length === 0) return [0, 0] as const;
  const bounds: Bounds = outlines
    .map((outline) => outline.bounds)
    .reduce((a, b) => [
      Math.min(a[0], b[0]),
      Math.min(a[1], b[1]),
      Math.max(a[2], b[2]),
      Math.max(a[3], b[3]),
    ]);
  return limitMove(bounds, editor.view.image.get(), step, step);
}
