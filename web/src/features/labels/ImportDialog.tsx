import { FileUp } from 'lucide-react';
import { useMemo, useState } from 'react';
import { t } from '@/i18n/i18n';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { TextArea } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { importLabels, kImportBytesMax } from './importLabels/importLabels';
import type { Imported, ImportedLabel } from './importLabels/imported';
import { type LabelDraft, addImported } from './labelDrafts';

export interface ImportDialogProps {
  known: readonly LabelDraft[];
  onClose: () => void;
  onLabels: (labels: ImportedLabel[]) => void;
}

/** A pasted text is shown as it is; of a file, which may be large, only what was read from it. */
export default function ImportDialog({ known, onClose, onLabels }: ImportDialogProps) {
  const [text, setText] = useState('');
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const source = file ? file.text : text;
  const imported = useMemo(() => (source.trim() ? importLabels(source) : undefined), [source]);
  const fresh = imported ? addImported(known, imported.labels).length - known.length : 0;

  const take = async (chosen: File) => {
    setFailure(null);
    if (chosen.size > kImportBytesMax) return setFailure(t('labels.import.tooLarge'));
    try {
      setFile({ name: chosen.name, text: await chosen.text() });
    } catch {
      setFailure(t('labels.import.unreadable'));
    }
  };

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('labels.import.title')}
      description={t('labels.import.description')}
      testId="import-labels-dialog"
      width={620}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t('labels.cancel')}
          </Button>
          <Button
            variant="primary"
            disabled={fresh === 0}
            data-testid="import-labels-add"
            onClick={() => {
              onLabels(imported?.labels ?? []);
              onClose();
            }}
          >
            {t('labels.import.add', { count: fresh })}
          </Button>
        </>
      }
    >
      <div className="import-labels">
        <Field label={t('labels.import.text')} hint={t('labels.import.hint')}>
          {(control) => (
            <TextArea
              {...control}
              rows={7}
              autoFocus
              spellCheck={false}
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                setFile(null);
              }}
            />
          )}
        </Field>
        <label className="import-file">
          <FileUp aria-hidden="true" />
          <span>{file ? file.name : t('labels.import.file')}</span>
          <input
            type="file"
            accept=".json,.xml,.yaml,.yml,.txt,.names"
            data-testid="import-labels-file"
            onChange={(event) => {
              const [chosen] = event.target.files ?? [];
              if (chosen) void take(chosen);
            }}
          />
        </label>
        {failure ? <Notice tone="err" title={failure} /> : null}
        {imported === null ? <Notice tone="err" title={t('labels.import.broken')} /> : null}
        {imported ? <Report imported={imported} fresh={fresh} /> : null}
      </div>
    </Dialog>
  );
}

const kShownProblems = 20;

function Report({ imported, fresh }: { imported: Imported; fresh: number }) {
  const { format, labels, problems } = imported;
  const known = labels.length - fresh;
  return (
    <div role="status" className="import-report">
      <p>
        {t('labels.import.found', {
          count: labels.length,
          format: t(`labels.import.formats.${format}`),
        })}{' '}
        {known > 0 ? t('labels.import.known', { count: known }) : ''}
      </p>
      {problems.length > 0 ? (
        <Notice tone="warn" title={t('labels.import.left', { count: problems.length })}>
          <ul>
            {problems.slice(0, kShownProblems).map(({ where, what, values }, index) => (
              <li key={index}>
                <strong>{where}</strong>: {t(what, values)}
              </li>
            ))}
          </ul>
          {problems.length > kShownProblems
            ? t('labels.import.more', { count: problems.length - kShownProblems })
            : null}
        </Notice>
      ) : null}
    </div>
  );
}
