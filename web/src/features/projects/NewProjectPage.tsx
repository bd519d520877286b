import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { type ProjectType, projectTypes } from '@/net/api';
import { t } from '@/i18n/i18n';
import { ApiError, errorText, randomKey } from '@/net/http';
import { createProject } from '@/net/routes';
import { Button, buttonClass } from '@/ui/Button';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { Select } from '@/ui/Select';
import { Link } from '@tanstack/react-router';
import { LabelEditor } from '../labels/LabelEditor';
import {
  type LabelDraft,
  addImported,
  checkLabels,
  draftOf,
  inputsOf,
  labelsHaveErrors,
} from '../labels/labelDrafts';
import { PageHeader } from '../shell/Page';
import { usePageTitle } from '../shell/usePageTitle';
import type { ProjectTemplate, TemplateId } from './projectTemplates';
import { projectTypeInfo } from './projectTypes';
import { TemplatePicker } from './TemplatePicker';
import './projects.css';
import './templates.css';

export function NewProjectPage() {
  usePageTitle(t('newProject.title'));
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [type, setType] = useState<ProjectType>('detection');
  const [labels, setLabels] = useState<LabelDraft[]>([]);
  const [template, setTemplate] = useState<TemplateId | null>(null);
  /** Labels as a template put them: nobody has touched them. */
  const placed = useRef<ReadonlySet<LabelDraft>>(new Set());
  const [checked, setChecked] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [nameProblem, setNameProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  // One key for the whole form: pressing twice, or again after a lost reply, makes one project.
  const key = useRef(randomKey());
  const nameRef = useRef<HTMLInputElement>(null);

  // What somebody typed or changed is kept; labels of another template go.
  const applyTemplate = (next: ProjectTemplate) => {
    setTemplate(next.id);
    if (next.type) setType(next.type);
    const fromTemplate = labels.filter((label) => placed.current.has(label));
    const own = labels.filter((label) => !placed.current.has(label));
    if (fromTemplate.length === 0 && next.id === 'empty') return;
    const all = addImported(own, next.labels());
    placed.current = new Set(all.slice(own.length));
    setLabels(all);
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    setFailure(null);
    if (name.trim() === '') {
      setNameProblem(t('newProject.noName'));
      nameRef.current?.focus();
      return;
    }
    if (labelsHaveErrors(checkLabels(labels))) return;
    setBusy(true);
    try {
      const inputs = inputsOf(labels.length > 0 ? labels : [draftOf('Object', [])]);
      const project = await createProject({ name: name.trim(), type, labels: inputs }, key.current);
      void queryClient.invalidateQueries({ queryKey: ['projects'] });
      await navigate({ to: '/projects/$projectId', params: { projectId: project.id }, search: {} });
    } catch (error) {
      key.current = randomKey();
      const problems = error instanceof ApiError ? error.errors : [];
      const ofName = problems.find((problem) => problem.pointer === '/name');
      if (ofName) setNameProblem(ofName.detail);
      else setFailure(problems.length > 0 ? problemsText(problems) : errorText(error));
      setBusy(false);
    }
  };

  return (
    <div className="page-narrow">
      <PageHeader
        title={t('newProject.title')}
        description={t('newProject.description')}
        back={{ to: '/projects', label: t('newProject.back') }}
      />
      <form onSubmit={submit} noValidate>
        <div className="card form-card">
          <div className="form-grid">
            <Field label={t('newProject.name')} error={nameProblem}>
              {(control) => (
                <Input
                  {...control}
                  ref={nameRef}
                  data-testid="project-name"
                  value={name}
                  maxLength={200}
                  autoFocus
                  autoComplete="off"
                  placeholder={t('newProject.placeholder')}
                  onChange={(event) => {
                    setName(event.target.value);
                    setNameProblem(null);
                  }}
                />
              )}
            </Field>
            <Field label={t('newProject.type')} hint={t(projectTypeInfo[type].help)}>
              {(control) => (
                <Select
                  {...control}
                  data-testid="project-type"
                  value={type}
                  onChange={(event) => setType(event.target.value as ProjectType)}
                  options={projectTypes.map((value) => ({
                    value,
                    label: t(projectTypeInfo[value].label),
                  }))}
                />
              )}
            </Field>
          </div>
          <TemplatePicker chosen={template} onChoose={applyTemplate} />
          <LabelEditor labels={labels} onChange={setLabels} showErrors={checked} />
          {failure ? (
            <Notice tone="err" title={t('newProject.failed')}>
              {failure}
            </Notice>
          ) : null}
        </div>
        <div className="form-foot">
          <p>
            {labels.length === 0 ? t('newProject.noLabels') : null}
          </p>
          <Link to="/projects" className={buttonClass('ghost')}>
            {t('newProject.cancel')}
          </Link>
          <Button type="submit" variant="primary" busy={busy} data-testid="create-project">
            {t('newProject.create')}
          </Button>
        </div>
      </form>
    </div>
  );
}

function problemsText(problems: readonly { pointer: string; detail: string }[]): string {
  return problems
    .map(({ pointer, detail }) => (pointer ? `${pointer}: ${detail}` : detail))
    .join(' ');
}
