import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { t } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import { type ProjectWithEtag, updateProject } from '@/net/routes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';

export interface RenameDialogProps {
  project: ProjectWithEtag;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function RenameDialog(props: RenameDialogProps) {
  return props.open ? <RenameForm {...props} /> : null;
}

function RenameForm({ project, open, onOpenChange }: RenameDialogProps) {
  const queryClient = useQueryClient();
  const [name, setName] = useState(project.name);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const formId = useId();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') {
      setError(t('projects.rename.needed'));
      return;
    }
    setBusy(true);
    try {
      await updateProject(project.id, { name: name.trim() }, project.etag);
      await queryClient.invalidateQueries({ queryKey: ['project', project.id] });
      void queryClient.invalidateQueries({ queryKey: ['projects'] });
      onOpenChange(false);
    } catch (failure) {
      setError(errorText(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      locked={busy}
      title={t('projects.rename.title')}
      footer={
        <>
          <Button variant="ghost" disabled={busy} onClick={() => onOpenChange(false)}>
            {t('projects.cancel')}
          </Button>
          <Button variant="primary" type="submit" form={formId} busy={busy}>
            {t('projects.rename.save')}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void save(event)} noValidate>
        <Field label={t('projects.rename.name')} error={error}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              value={name}
              maxLength={200}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
