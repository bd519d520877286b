/** Guides by keyboard, while their ruler has the focus. */
import type { Editor } from '@/editor/editor';
import type { Guide } from '@/editor/view';

/** The guide in hand: its place in `view.guides`, null while there is none. */
export type Held = number | null;

/** What a key does to the guides along `axis`; undefined for a key that means nothing here. */
export function guideKey(
  editor: Editor,
  axis: Guide['axis'],
  held: Held,
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
): Held | undefined {
  const { guides } = editor.view;
  const own = guides.get().flatMap((guide, index) => (guide.axis === axis ? [index] : []));
  const now = held !== null && own.includes(held) ? held : null;
  const far = shiftKey ? 10 : 1;
  switch (key) {
    case 'Enter':
    case 'Insert':
      return add(editor, axis);
    case 'ArrowLeft':
    case 'ArrowUp':
      return now === null ? step(own, now, -1) : move(editor, now, -far);
    case 'ArrowRight':
    case 'ArrowDown':
      return now === null ? step(own, now, 1) : move(editor, now, far);
    case 'PageUp':
      return step(own, now, -1);
    case 'PageDown':
      return step(own, now, 1);
    case 'Delete':
    case 'Backspace':
      if (shiftKey) guides.set([]);
      else guides.update((all) => all.filter((_, index) => index !== now));
      return null;
    default:
      return undefined;
  }
}

/** In the middle of what is seen. */
function add(editor: Editor, axis: Guide['axis']): Held {
  const { view } = editor;
  const { width, height } = view.stage.get();
  const [x, y] = view.clampToImage(view.toImage([width / 2, height / 2]));
  view.guides.update((all) => [...all, { axis, at: Math.round(axis === 'x' ? x : y) }]);
  return view.guides.get().length - 1;
}

function step(own: readonly number[], now: Held, by: 1 | -1): Held {
  if (own.length === 0) return null;
  const at = now === null ? (by > 0 ? -1 : 0) : own.indexOf(now);
  return own[(at + by + own.length) % own.length]!;
}

function move(editor: Editor, held: number, by: number): Held {
  const { width, height } = editor.view.image.get();
  editor.view.guides.update((all) =>
    all.map((guide, index) => {
      if (index !== held) return guide;
      const most = guide.axis === 'x' ? width : height;
      return { ...guide, at: Math.max(0, Math.min(most, guide.at + by)) };
    }),
  );
  return held;
}
