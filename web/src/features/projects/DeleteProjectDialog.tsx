import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import type { Project } from '@/net/api';
import { errorText } from '@/net/http';
import { deleteProject } from '@/net/routes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { formatCount } from '@/ui/format';
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
  const content = {
    images: t('gallery.count', { count: assets, number: formatCount(assets) }),
    objects: t('gallery.objects', { count: annotations, number: formatCount(annotations) }),
  };
  const remove = async () => {
    setBusy(true);
    try {
      await deleteProject(project.id);
      await navigate({ to: '/projects', search: {} });
      queryClient.removeQueries({ queryKey: ['project', project.id] });
      void queryClient.invalidateQueries({ queryKey: ['projects'] });
      toast({ tone: 'ok', title: t('projects.delete.done', { name: project.name }) });
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
      title={t('projects.delete.title')}
      description={t('projects.delete.about', content)}
      footer={
        <>
          <Button variant="ghost" disabled={busy} onClick={() => onOpenChange(false)}>
            {t('projects.delete.keep')}
          </Button>
          <Button
            variant="danger"
            busy={busy}
            disabled={typed.trim() !== project.name.trim()}
            onClick={() => void remove()}
          >
            {t('projects.delete.confirm')}
          </Button>
        </>
      }
    >
      <Field label={t('projects.delete.type', { name: project.name })} error={error}>
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
