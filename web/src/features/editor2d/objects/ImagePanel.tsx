import { keyText } from '@/editor/keys/keysOf';
import { tagLabels, tagsOf, toggleTag } from '@/editor/objects/tags';
import { t } from '@/i18n/i18n';
import { useSignal } from '../useSignal';
import { useEditor, useWorkspace } from '../workspace';
import { NoteField } from './NoteField';
import { WarningList } from './WarningList';

/** What is said of the image as a whole: tags, a note, and what is wrong with its objects. */
export function ImagePanel() {
  const { asset } = useWorkspace();
  return (
    <div className="image-panel">
      <Tags />
      <NoteField key={asset.id} />
      <WarningList />
    </div>
  );
}

const kKeyed = 10;

function Tags() {
  const editor = useEditor();
  useSignal(editor.store.version);
  const labels = tagLabels(useSignal(editor.labels));
  return (
    <section className="image-part" aria-label={t('objects.tags.title')}>
      <h2>{t('objects.tags.title')}</h2>
      {labels.length === 0 ? <p className="panel-note">{t('objects.tags.none')}</p> : null}
      <div className="tag-chips">
        {labels.map((label, index) => {
          const on = tagsOf(editor, label.id).length > 0;
          return (
            <button
              key={label.id}
              type="button"
              className="tag-chip"
              aria-pressed={on}
              data-testid="tag"
              title={index < kKeyed ? keyText(`tag.${index + 1}`) : undefined}
              onClick={() => toggleTag(editor, label)}
            >
              <span className="swatch" style={{ background: label.color }} />
              <span className="truncate">{label.name}</span>
            </button>
          );
        })}
      </div>
      {labels.length > 0 ? (
        <p className="image-hint">{t('objects.tags.hint', { key: keyText('tag.1') ?? '–' })}</p>
      ) : null}
    </section>
  );
}
