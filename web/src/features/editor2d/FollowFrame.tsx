import { t } from '@/i18n/i18n';
import { inkOn } from '@/editor/labels';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';
import './together.css';

/** A frame in the colour of whom one follows; any pan or zoom of one's own ends it. */
export function FollowFrame() {
  const editor = useEditor();
  const session = useSignal(editor.company.following);
  const people = useSignal(editor.company.people);
  const person = people.find((one) => one.session === session);
  return (
    <div className="follow" role="status" data-testid="follow">
      {person ? (
        <>
          <span className="follow-frame" style={{ borderColor: person.color }} />
          <button
            type="button"
            className="follow-chip"
            style={{ background: person.color, color: inkOn(person.color) }}
            onClick={() => editor.company.following.set(null)}
          >
            {t('together.following', { name: person.name })} · <kbd>Esc</kbd> {t('together.stop')}
          </button>
        </>
      ) : null}
    </div>
  );
}
