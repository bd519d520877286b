import { CircleCheck, TriangleAlert } from 'lucide-react';
import { t } from '@/i18n/i18n';
import { useSignal } from '../useSignal';
import { useEditor } from '../workspace';
import { chooseRow, showOnCanvas } from './chooseRow';
import { warningText } from './warningText';

const kShownMax = 200;

/** Objects that something is wrong with; a click goes there. */
export function WarningList() {
  const editor = useEditor();
  useSignal(editor.warnings.version);
  useSignal(editor.store.version);
  const all = editor.warnings.count;
  const shown = [...take(editor.warnings.all(), kShownMax)];
  return (
    <section className="image-part" aria-label={t('objects.warnings.title')}>
      <h2>
        {t('objects.warnings.title')} <span className="panel-count num">{all}</span>
      </h2>
      {all === 0 ? (
        <p className="warnings-none">
          <CircleCheck aria-hidden="true" /> {t('objects.warnings.none')}
        </p>
      ) : null}
      <ul className="warning-list">
        {shown.map(([id, warnings]) => {
          const entry = editor.store.get(id);
          if (!entry) return null;
          const label = editor.labelOf(entry.annotation).name;
          return (
            <li key={id}>
              <button
                type="button"
                data-testid="warning"
                onClick={() => {
                  chooseRow(editor, id, 'only');
                  showOnCanvas(editor, id);
                }}
              >
                <TriangleAlert aria-hidden="true" />
                <span>
                  <strong>
                    {t('objects.row.name', { label, number: editor.ages.numberOf(id) })}
                  </strong>
                  {warnings.map((warning) => warningText(editor, warning)).join(', ')}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {all > kShownMax ? (
        <p className="image-hint">{t('objects.warnings.more', { count: all - kShownMax })}</p>
      ) : null}
    </section>
  );
}

function* take<T>(items: Iterable<T>, most: number): Iterable<T> {
  let count = 0;
  for (const item of items) {
    if (count++ >= most) return;
    yield item;
  }
}
