/** Takes a model's proposal up to be decided: the keyboard stays where it is, the view follows. */
import { t } from '../i18n/i18n';
import type { Editor } from './editor';

export function focusGhost(editor: Editor, id: string): void {
  const ghosts = editor.ghosts.get();
  const place = ghosts.findIndex((ghost) => ghost.id === id);
  const ghost = ghosts[place];
  editor.focusedGhost.set(ghost?.id ?? null);
  if (!ghost) return;
  const [x0, y0, x1, y1] = ghost.outline.bounds;
  editor.view.reveal([(x0 + x1) / 2, (y0 + y1) / 2]);
  const { title } = ghost;
  const percent = Math.round(ghost.score * 100);
  const values = { title, percent, place: place + 1, total: ghosts.length };
  editor.announcements.emit(t('ai.focused', values));
}

/** The next one in the order of the panel, the surest first; after the last comes the first. */
export function stepGhost(editor: Editor, by: 1 | -1): void {
  const ghosts = editor.ghosts.get();
  if (ghosts.length === 0) return editor.announcements.emit(t('ai.nothingToDecide'));
  const current = ghosts.findIndex((ghost) => ghost.id === editor.focusedGhost.get());
  const next = current < 0 ? (by > 0 ? 0 : ghosts.length - 1) : current + by;
  focusGhost(editor, ghosts[(next + ghosts.length) % ghosts.length]!.id);
}
