import { Import, Plus, Tags } from 'lucide-react';
import { type DragEvent, lazy, Suspense, useId, useMemo, useState } from 'react';
import { t } from '@/i18n/i18n';
import { Button } from '@/ui/Button';
import {
  type LabelDraft,
  addImported,
  addNames,
  checkLabels,
  draftOf,
  duplicateAt,
  moveItem,
} from './labelDrafts';
import { LabelRow } from './LabelRow';
import { labelPresets } from './presets';
import { similarTo } from './palette';
import './labels.css';

const ImportDialog = lazy(() => import('./ImportDialog'));

export interface LabelEditorProps {
  labels: readonly LabelDraft[];
  onChange: (labels: LabelDraft[]) => void;
  /** Missing names are only marked once the person has tried to save. */
  showErrors: boolean;
}

export function LabelEditor({ labels, onChange, showErrors }: LabelEditorProps) {
  const [importing, setImporting] = useState(false);
  const [dragged, setDragged] = useState<number | null>(null);
  const errors = useMemo(() => checkLabels(labels), [labels]);
  const alike = useMemo(() => similarTo(labels.map((label) => label.color)), [labels]);
  const titleId = useId();

  const update = (index: number, change: Partial<LabelDraft>) =>
    onChange(labels.map((label, at) => (at === index ? { ...label, ...change } : label)));
  const move = (from: number, to: number) => onChange(moveItem(labels, from, to));
  const dropOn = (event: DragEvent, index: number) => {
    event.preventDefault();
    if (dragged !== null) move(dragged, index);
    setDragged(null);
  };
  const add = () => onChange([...labels, draftOf('', labels)]);

  return (
    <section aria-labelledby={titleId} className="label-editor">
      <div className="label-editor-head">
        <h2 className="h3" id={titleId}>
          {t('labels.title')}
        </h2>
        <span className="muted num">
          {labels.length > 0 ? t('labels.count', { count: labels.length }) : ''}
        </span>
        <Button
          size="s"
          variant="ghost"
          icon={<Import />}
          data-testid="import-labels"
          onClick={() => setImporting(true)}
        >
          {t('labels.import.open')}
        </Button>
        <Button size="s" icon={<Plus />} data-testid="add-label" onClick={add}>
          {t('labels.add')}
        </Button>
      </div>
      {labels.length === 0 ? (
        <EmptyLabels onNames={(names) => onChange(addNames(labels, names))} />
      ) : (
        <ol className="label-items">
          {labels.map((label, index) => (
            <li
              key={label.key}
              className="label-item"
              data-dragged={dragged === index || undefined}
              onDragOver={(event) => (dragged !== null ? event.preventDefault() : undefined)}
              onDrop={(event) => dropOn(event, index)}
            >
              <LabelRow
                label={label}
                place={index}
                alike={labels[alike[index] ?? -1]?.name}
                errors={errors}
                showErrors={showErrors}
                onChange={(change) => update(index, change)}
                onRemove={() => onChange(labels.filter((_, at) => at !== index))}
                onDuplicate={() => onChange(duplicateAt(labels, index))}
                onMoveUp={index > 0 ? () => move(index, index - 1) : undefined}
                onMoveDown={index < labels.length - 1 ? () => move(index, index + 1) : undefined}
                onDragStart={() => setDragged(index)}
                onDragEnd={() => setDragged(null)}
                onEnter={add}
              />
            </li>
          ))}
        </ol>
      )}
      {importing ? (
        <Suspense>
          <ImportDialog
            known={labels}
            onClose={() => setImporting(false)}
            onLabels={(imported) => onChange(addImported(labels, imported))}
          />
        </Suspense>
      ) : null}
    </section>
  );
}

function EmptyLabels({ onNames }: { onNames: (names: readonly string[]) => void }) {
  return (
    <div className="label-editor-empty">
      <Tags aria-hidden="true" />
      <div>
        <strong>{t('labels.empty.title')}</strong>
        <p>{t('labels.empty.text')}</p>
        <div className="row">
          {labelPresets.map((preset) => (
            <Button key={preset.title} size="s" onClick={() => onNames(preset.labels)}>
              {t(preset.title)}
            </Button>
          ))}
        </div>
      </div>
    </div>
  );
}
