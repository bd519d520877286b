import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import { ApiError, errorText } from '@/net/http';
import { Button } from '@/ui/Button';
import { TextArea } from '@/ui/Input';
import { useWorkspace } from '../workspace';
import { kNoteMax, readNote, writeNote } from './assetNote';

/** A note that goes with the image; kept here until the server has it. */
export function NoteField() {
  const { asset } = useWorkspace();
  const client = useQueryClient();
  const key = ['note', asset.id];
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => readNote(asset.id, signal),
    staleTime: 0,
  });
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const stored = query.data?.note ?? '';
  const text = draft ?? stored;
  const save = async () => {
    if (draft === null || draft === stored) return setDraft(null);
    setBusy(true);
    try {
      await writeNote(asset.id, draft, query.data?.note_revision ?? 0);
      setProblem(null);
      await client.invalidateQueries({ queryKey: key });
      setDraft((now) => (now === draft ? null : now));
    } catch (error) {
      const meanwhile = error instanceof ApiError && error.status === 412;
      setProblem(meanwhile ? t('objects.note.meanwhile') : errorText(error));
      if (meanwhile) await client.invalidateQueries({ queryKey: key });
    } finally {
      setBusy(false);
    }
  };
  const state = busy ? 'saving' : draft !== null && draft !== stored ? 'changed' : 'saved';
  return (
    <section className="image-part" aria-label={t('objects.note.title')}>
      <h2>{t('objects.note.title')}</h2>
      <TextArea
        rows={4}
        maxLength={kNoteMax}
        data-note=""
        data-testid="image-note"
        aria-label={t('objects.note.title')}
        placeholder={t('objects.note.placeholder')}
        value={text}
        disabled={!query.data}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={() => void save()}
      />
      <p className="image-hint" role="status" data-testid="note-state" data-state={state}>
        {text === '' && state === 'saved' ? '' : t(`objects.note.${state}`)}
      </p>
      {problem ? (
        <div className="note-problem" role="alert">
          <p>{problem}</p>
          {draft !== null && draft !== stored ? (
            <p>{t('objects.note.theirs', { note: stored })}</p>
          ) : null}
          <Button size="s" onClick={() => void save()}>
            {t('objects.note.again')}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
