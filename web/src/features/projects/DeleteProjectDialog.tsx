import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Project } from '@/net/api';
import { errorText } from '@/net/http';
import { deleteProject } from '@/net/routes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { formatPlural } from '@/ui/format';
import { Input } from '@/ui/Input';
import { toast } from '@/ui/Toast';

export interface DeleteProjectDialogProps {
  project: Project;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function DeleteProjectDialog(props: DeleteProjectDialogProps) {
  return props.open ? <DeleteForm {...props} /> : null;
}

function DeleteForm({ project, open, onOpenChange }: DeleteProjectDialogProps) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const assets = project.counts?.assets ?? 0;
  const annotations = project.counts?.annotations ?? 0;
  const content = `${formatPlural(assets, 'image')} and ${formatPlural(annotations, 'object')}`;
  const remove = async () => {
    setBusy(true);
    try {
      await deleteProject(project.id);
      await navigate({ to: '/projects', search: {} });
      queryClient.removeQueries({ queryKey: ['project', project.id] });
      void queryClient.invalidateQueries({ queryKey: ['projects'] });
      toast({ tone: 'ok', title: `${project.name} was deleted` });
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
      title="Delete this project?"
      description={`${content} go with it. This cannot be undone.`}
      footer={
        <>
          <Button variant="ghost" disabled={busy} onClick={() => onOpenChange(false)}>
            Keep it
          </Button>
          <Button
            variant="danger"
            busy={busy}
            disabled={typed.trim() !== project.name.trim()}
            onClick={() => void remove()}
          >
            Delete project
          </Button>
        </>
      }
    >
      <Field label={`Type “${project.name}” to confirm`} error={error}>
        {(control) => (
          <Input
            {...control}
            autoFocus
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
    </Dialog>
  );
}
