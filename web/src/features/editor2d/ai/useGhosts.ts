/** Proposals that are shown, as the canvas draws them. */
import { useEffect } from 'react';
import type { Editor } from '@/editor/editor';
import { kUnknownLabel, type Label } from '@/editor/labels';
import { outlineOf, type Outline } from '@/editor/outline';
import type { Ghost } from '@/editor/overlay';
import type { Shape } from '@/kernel/records';
import type { Suggestion } from '../annotateApi';

/** The slider filters at every step: a mask is traced once. */
const outlines = new WeakMap<Shape, Outline>();

function outlineFor(editor: Editor, shape: Shape): Outline | null {
  const known = outlines.get(shape);
  if (known) return known;
  const outline = outlineOf(shape, editor.kernel);
  if (outline) outlines.set(shape, outline);
  return outline;
}

export function useGhosts(
  editor: Editor,
  shown: readonly Suggestion[],
  labels: readonly Label[],
): void {
  useEffect(() => {
    const ghosts = shown.flatMap((suggestion): Ghost[] => {
      const outline = outlineFor(editor, suggestion.shape);
      if (!outline) return [];
      const label = labels.find((candidate) => candidate.id === suggestion.label_id);
      const { id, score } = suggestion;
      const color = (label ?? kUnknownLabel).color;
      return [{ id, outline, color, title: label?.name ?? suggestion.class, score }];
    });
    editor.ghosts.set(ghosts);
    const focused = editor.focusedGhost.get();
    if (focused !== null && !ghosts.some((ghost) => ghost.id === focused)) {
      editor.focusedGhost.set(null);
    }
  }, [editor, shown, labels]);
  useEffect(() => () => editor.ghosts.set([]), [editor]);
}
