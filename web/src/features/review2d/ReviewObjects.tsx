import { Trash2 } from 'lucide-react';
import { t } from '@/i18n/i18n';
import { deleteObjects } from '@/editor/commands/editCommands';
import { Swatch } from '@/ui/Badge';
import { IconButton } from '@/ui/Button';
import { useSignal } from '../editor2d/useSignal';
import { useEditor } from '../editor2d/workspace';

/** More would not be scrolled through by thumb. */
const kShownMax = 200;

/** What is drawn, the newest first; touching one shows it, once more lets it go. */
export function ReviewObjects() {
  const editor = useEditor();
  useSignal(editor.store.version);
  const selection = useSignal(editor.selection);
  useSignal(editor.labels);
  const all = editor.store.ordered();
  if (all.length === 0) {
    return (
      <p className="review-empty">
        {t('review.empty')} {t('review.wide')}
      </p>
    );
  }
  const rows = all.map((entry, index) => ({ entry, number: index + 1 })).reverse();
  return (
    <ul className="review-objects">
      {rows.slice(0, kShownMax).map(({ entry: { annotation, outline, placed }, number }) => {
        const label = editor.labelOf(annotation);
        const name = `${label.name} ${number}`;
        return (
          <li key={annotation.id}>
            <button
              type="button"
              className="review-object"
              data-testid="review-object"
              aria-pressed={selection.has(annotation.id)}
              onClick={() => {
                if (selection.has(annotation.id)) return editor.select([]);
                editor.select([annotation.id]);
                if (placed) editor.view.show(outline.bounds);
              }}
            >
              <Swatch color={label.color} />
              <span className="truncate">{name}</span>
            </button>
            <IconButton
              label={t('review.delete', { name })}
              icon={<Trash2 />}
              onClick={() => deleteObjects(editor, [annotation.id])}
            />
          </li>
        );
      })}
    </ul>
  );
}
