import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import { createOrganization } from '@/net/accountRoutes';
import { errorText } from '@/net/http';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { switchTo } from './switchTo';

export default function NewOrganizationDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: async () => switchTo((await createOrganization(name.trim())).id),
    onSuccess: onClose,
  });
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') make.mutate();
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      locked={make.isPending}
      width={460}
      title={t('shell.newOrganization')}
      description={t('settings.organization.newText')}
      footer={
        <>
          <Button variant="ghost" disabled={make.isPending} onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            variant="primary"
            type="submit"
            form="new-organization"
            busy={make.isPending}
            disabled={name.trim() === ''}
            data-testid="create-organization"
          >
            {t('settings.organization.create')}
          </Button>
        </>
      }
    >
      <form id="new-organization" onSubmit={submit}>
        <Field
          label={t('settings.organization.name')}
          error={make.isError ? errorText(make.error) : null}
        >
          {(control) => (
            <Input
              {...control}
              value={name}
              maxLength={200}
              data-testid="organization-name"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
