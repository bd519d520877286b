import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { type ProjectType, projectTypes } from '@/net/api';
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
  checkLabels,
  draftOf,
  inputsOf,
  labelsHaveErrors,
} from '../labels/labelDrafts';
import { PageHeader } from '../shell/Page';
import { usePageTitle } from '../shell/usePageTitle';
import { projectTypeInfo } from './projectTypes';
import './projects.css';

export function NewProjectPage() {
  usePageTitle('New project');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [type, setType] = useState<ProjectType>('detection');
  const [labels, setLabels] = useState<LabelDraft[]>([]);
  const [checked, setChecked] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [nameProblem, setNameProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  // One key for the whole form: pressing twice, or again after a lost reply, makes one project.
  const key = useRef(randomKey());
  const nameRef = useRef<HTMLInputElement>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    setFailure(null);
    if (name.trim() === '') {
      setNameProblem('Give the project a name.');
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
        title="New project"
        description="You can change the name and the labels at any time."
        back={{ to: '/projects', label: 'Projects' }}
      />
      <form onSubmit={submit} noValidate>
        <div className="card form-card">
          <div className="form-grid">
            <Field label="Name" error={nameProblem}>
              {(control) => (
                <Input
                  {...control}
                  ref={nameRef}
                  data-testid="project-name"
                  value={name}
                  maxLength={200}
                  autoFocus
                  autoComplete="off"
                  placeholder="Street scenes, spring"
                  onChange={(event) => {
                    setName(event.target.value);
                    setNameProblem(null);
                  }}
                />
              )}
            </Field>
            <Field label="Type" hint={projectTypeInfo[type].help}>
              {(control) => (
                <Select
                  {...control}
                  data-testid="project-type"
                  value={type}
                  onChange={(event) => setType(event.target.value as ProjectType)}
                  options={projectTypes.map((value) => ({
                    value,
                    label: projectTypeInfo[value].label,
                  }))}
                />
              )}
            </Field>
          </div>
          <LabelEditor labels={labels} onChange={setLabels} showErrors={checked} />
          {failure ? (
            <Notice tone="err" title="The project was not created">
              {failure}
            </Notice>
          ) : null}
        </div>
        <div className="form-foot">
          <p>
            {labels.length === 0
              ? 'Without labels of your own the project starts with one, “Object”.'
              : null}
          </p>
          <Link to="/projects" className={buttonClass('ghost')}>
            Cancel
          </Link>
          <Button type="submit" variant="primary" busy={busy} data-testid="create-project">
            Create project
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
