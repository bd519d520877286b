import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import { ApiError, errorText } from '@/net/http';
import { type ProjectWithEtag, getProject, updateProject } from '@/net/routes';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';
import { toast } from '@/ui/Toast';
import { LabelEditor } from '../labels/LabelEditor';
import { checkLabels, draftsOf, inputsOf, labelsHaveErrors } from '../labels/labelDrafts';
import { projectQuery } from './queries';

export function LabelsPanel({ project }: { project: ProjectWithEtag }) {
  const queryClient = useQueryClient();
  const [base, setBase] = useState(project);
  const [drafts, setDrafts] = useState(() => draftsOf(project.labels));
  const [checked, setChecked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const changed =
    JSON.stringify(inputsOf(drafts)) !== JSON.stringify(inputsOf(draftsOf(base.labels)));
  const removed = base.labels.filter((label) => !drafts.some((draft) => draft.id === label.id));

  const restart = (from: ProjectWithEtag) => {
    setBase(from);
    setDrafts(draftsOf(from.labels));
    setChecked(false);
    setFailure(null);
  };
  const reload = async () => {
    const query = projectQuery(project.id);
    await queryClient.invalidateQueries({ queryKey: query.queryKey });
    return queryClient.fetchQuery({ ...query, staleTime: 0 });
  };
  const save = async () => {
    setChecked(true);
    setFailure(null);
    if (labelsHaveErrors(checkLabels(drafts))) return;
    setBusy(true);
    try {
      const etag = base.etag ?? (await getProject(project.id)).etag;
      await updateProject(project.id, { labels: inputsOf(drafts) }, etag);
      restart(await reload());
      void queryClient.invalidateQueries({ queryKey: ['projects'] });
      toast({ tone: 'ok', title: t('labels.panel.savedToast') });
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) {
        setFailure(t('labels.panel.changed'));
      } else {
        setFailure(errorText(error));
      }
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="card label-editor-card">
      <LabelEditor labels={drafts} onChange={setDrafts} showErrors={checked} />
      {removed.length > 0 ? (
        <Notice
          tone="warn"
          title={t('labels.panel.removing', {
            names: removed.map((label) => label.name).join(', '),
          })}
        >
          {t('labels.panel.removingText')}
        </Notice>
      ) : null}
      {failure ? (
        <Notice tone="err" title={t('labels.panel.notSaved')}>
          {failure}
        </Notice>
      ) : null}
      <div className="label-editor-foot">
        <p role="status">{t(changed ? 'labels.panel.unsaved' : 'labels.panel.saved')}</p>
        <Button
          variant="ghost"
          disabled={!changed || busy}
          onClick={() => void reload().then(restart, (error) => setFailure(errorText(error)))}
        >
          {t('labels.panel.discard')}
        </Button>
        <Button
          variant="primary"
          disabled={!changed}
          busy={busy}
          data-testid="save-labels"
          onClick={() => void save()}
        >
          {t('labels.panel.save')}
        </Button>
      </div>
    </div>
  );
}
