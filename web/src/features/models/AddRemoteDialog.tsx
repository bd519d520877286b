import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Globe } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import { addRemoteModel } from '@/net/routes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { toast } from '@/ui/Toast';
import type { AddModelDialogProps } from './AddModelDialog';

export function AddRemoteDialog(props: AddModelDialogProps) {
  return props.open ? <AddRemoteForm {...props} /> : null;
}

function AddRemoteForm({ open, onOpenChange }: AddModelDialogProps) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const add = useMutation({
    mutationFn: () => addRemoteModel({ name: name.trim(), url: url.trim() }),
    onSuccess: (model) => {
      void client.invalidateQueries({ queryKey: ['models'] });
      toast({ tone: 'ok', title: t('models.remote.connected', { name: model.name ?? model.id }) });
      onOpenChange(false);
    },
  });
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      locked={add.isPending}
      width={520}
      title={t('models.remote.title')}
      description={t('models.remote.about')}
      footer={
        <>
          <Button variant="ghost" onClick={() => onOpenChange(false)} disabled={add.isPending}>
            {t('common.cancel')}
          </Button>
          <Button
            variant="primary"
            icon={<Globe />}
            busy={add.isPending}
            disabled={name.trim() === '' || url.trim() === ''}
            onClick={() => add.mutate()}
          >
            {t('models.remote.connect')}
          </Button>
        </>
      }
    >
      <Field label={t('models.add.name')}>
        {(control) => (
          <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
      <Field label={t('models.remote.address')} hint={t('models.remote.addressHint')}>
        {(control) => (
          <Input
            {...control}
            type="url"
            placeholder="https://models.example.org:9090"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
        )}
      </Field>
      {add.isError ? (
        <Notice tone="err" title={t('models.remote.failed')}>
          {errorText(add.error)}
        </Notice>
      ) : null}
    </Dialog>
  );
}
