import { Check, Pencil } from 'lucide-react';
import { useRef } from 'react';
import { t } from '@/i18n/i18n';
import type { Editor } from '@/editor/editor';
import type { Point } from '@/kernel/records';
import type { Thread } from '@/net/threads';
import { useSignal } from '../editor2d/useSignal';
import { useEditor } from '../editor2d/workspace';
import { initialsOf } from '../shell/initials';
import { anchorOf, anchorPoint, fallbackOf, usePlacing } from './place';
import { firstWords, isResolved } from './threadList';
import './comments.css';

const kWordsMax = 80;
/** The top bar and the height of a pin. */
const kTopPx = 90;

/** One pin a thread; resolved ones only while open. They move with the view without React. */
export function Pins({ threads }: { threads: readonly Thread[] }) {
  const editor = useEditor();
  const open = useSignal(editor.discussion.open);
  const draft = useSignal(editor.discussion.draft);
  const past = useSignal(editor.past);
  const draftPin = useRef<HTMLSpanElement>(null);
  const pins = useRef(new Map<string, HTMLButtonElement>());
  const shown = past ? [] : threads.filter((one) => !isResolved(one) || one.id === open);

  const place = () => {
    for (const thread of shown) {
      const pin = pins.current.get(thread.id);
      if (pin) put(editor, pin, anchorPoint(editor, anchorOf(thread), fallbackOf(thread)));
    }
    if (draftPin.current && draft) {
      put(editor, draftPin.current, anchorPoint(editor, draft, null));
    }
  };
  usePlacing(editor, place, shown);

  return (
    <div className="pins" role="group" aria-label={t('comments.onImage')}>
      {shown.map((thread) => {
        const words = firstWords(thread);
        const answers = thread.comments.filter((comment) => !comment.deleted).length - 1;
        const name = words?.created_by.name ?? thread.created_by.name;
        const mark = isResolved(thread) ? '' : initialsOf(name);
        const said = [mark, answers > 0 ? answers + 1 : ''].join(' ').trim();
        return (
          <button
            key={thread.id}
            ref={(element) => {
              if (element) pins.current.set(thread.id, element);
              else pins.current.delete(thread.id);
            }}
            type="button"
            className="pin"
            data-testid="comment-pin"
            data-open={thread.id === open || undefined}
            aria-expanded={thread.id === open}
            aria-label={t('comments.pin', {
              mark: said,
              name,
              words: (words?.body ?? '').slice(0, kWordsMax),
            })}
            onClick={() => editor.discussion.show(thread.id === open ? null : thread.id)}
          >
            {mark === '' ? <Check aria-hidden="true" /> : mark}{' '}
            {answers > 0 ? <small className="num">{answers + 1}</small> : null}
          </button>
        );
      })}
      {draft ? (
        <span ref={draftPin} className="pin pin-draft" aria-hidden="true">
          <Pencil />
        </span>
      ) : null}
    </div>
  );
}

function put(editor: Editor, element: HTMLElement, point: Point | null): void {
  element.hidden = point === null;
  if (!point) return;
  const [x, y] = editor.view.toScreen(point);
  // Under the top bar it could not be pressed.
  element.toggleAttribute('data-below', y < kTopPx);
  element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}
