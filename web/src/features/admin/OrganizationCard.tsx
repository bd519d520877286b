import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import { deleteOrganization, renameOrganization } from '@/net/adminRoutes';
import type { Me } from '@/net/api';
import { errorText } from '@/net/http';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { toast } from '@/ui/Toast';
import { meQuery } from '../auth/queries';

const failed = (error: unknown) =>
  toast({ tone: 'err', title: t('rights.members.failed'), detail: errorText(error) });

/** The organization's name, and its end. */
export function OrganizationCard({ me }: { me: Me }) {
  const client = useQueryClient();
  const [name, setName] = useState(me.organization.name);
  const [ending, setEnding] = useState(false);
  const rename = useMutation({
    mutationFn: () => renameOrganization(me.organization.id, name.trim()),
    onSuccess: () => void client.invalidateQueries({ queryKey: meQuery.queryKey }),
    onError: failed,
  });
  const unchanged = name.trim() === '' || name.trim() === me.organization.name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!unchanged) rename.mutate();
  };
  return (
    <section className="card card-pad stack" aria-labelledby="organization-title">
      <h2 className="h3" id="organization-title">
        {t('rights.policy.danger')}
      </h2>
      <form className="admin-bar" onSubmit={submit}>
        <Field label={t('admin.name')}>
          {(control) => (
            <Input
              {...control}
              maxLength={200}
              data-testid="organization-name"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" busy={rename.isPending} disabled={unchanged}>
          {t('rights.policy.rename')}
        </Button>
      </form>
      {me.permissions.includes('organization_delete') ? (
        <div>
          <Button
            variant="danger"
            data-testid="delete-organization"
            onClick={() => setEnding(true)}
          >
            {t('rights.policy.delete')}
          </Button>
        </div>
      ) : null}
      {ending ? <DeleteDialog me={me} close={() => setEnding(false)} /> : null}
    </section>
  );
}

function DeleteDialog({ me, close }: { me: Me; close: () => void }) {
  const [typed, setTyped] = useState('');
  const remove = useMutation({
    mutationFn: () => deleteOrganization(me.organization.id),
    onSuccess: () => window.location.assign('/login'),
    onError: failed,
  });
  return (
    <Dialog
      open
      onOpenChange={close}
      width={460}
      title={t('rights.policy.deleteTitle', { name: me.organization.name })}
      description={t('rights.policy.deleteText')}
      footer={
        <>
          <Button variant="ghost" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button
            variant="danger"
            busy={remove.isPending}
            disabled={typed !== me.organization.name}
            data-testid="confirm-delete-organization"
            onClick={() => remove.mutate()}
          >
            {t('rights.policy.delete')}
          </Button>
        </>
      }
    >
      <Field label={t('rights.policy.deleteConfirm')}>
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            data-testid="typed-name"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
    </Dialog>
  );
}
