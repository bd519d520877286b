import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import { type Role, saveRole } from '@/net/adminRoutes';
import { errorText } from '@/net/http';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { Checkbox, Input } from '@/ui/Input';
import { toast } from '@/ui/Toast';
import { permissionName } from './permissionName';

interface RoleDialogProps {
  organization: string;
  role: Role | null;
  permissions: readonly string[];
  own: readonly string[];
  close: () => void;
}

export function RoleDialog({ organization, role, permissions, own, close }: RoleDialogProps) {
  const client = useQueryClient();
  const [name, setName] = useState(role?.name ?? '');
  const [about, setAbout] = useState(role?.description ?? '');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(role?.permissions));
  const save = useMutation({
    mutationFn: () =>
      saveRole(organization, role?.id ?? null, {
        name: name.trim(),
        description: about.trim(),
        permissions: permissions.filter((one) => chosen.has(one)),
      }),
    onSuccess: () => {
      toast({ tone: 'ok', title: t('rights.roles.saved') });
      void client.invalidateQueries({ queryKey: ['roles', organization] });
      void client.invalidateQueries({ queryKey: ['members', organization] });
      close();
    },
  });
  const toggle = (permission: string) => {
    const next = new Set(chosen);
    if (!next.delete(permission)) next.add(permission);
    setChosen(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') save.mutate();
  };
  return (
    <Dialog
      open
      onOpenChange={close}
      width={640}
      title={role ? t('rights.roles.editTitle', { name: role.name }) : t('rights.roles.newTitle')}
      description={t('rights.roles.ownNote')}
      footer={
        <>
          <Button variant="ghost" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button
            type="submit"
            form="role"
            variant="primary"
            busy={save.isPending}
            disabled={name.trim() === ''}
            data-testid="save-role"
          >
            {t('common.save')}
          </Button>
        </>
      }
    >
      <form id="role" className="stack" onSubmit={submit} noValidate>
        <Field label={t('rights.roles.name')} error={save.isError ? errorText(save.error) : null}>
          {(control) => (
            <Input
              {...control}
              maxLength={100}
              data-testid="role-name"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('rights.roles.about')}>
          {(control) => (
            <Input
              {...control}
              maxLength={1000}
              value={about}
              onChange={(event) => setAbout(event.target.value)}
            />
          )}
        </Field>
        <fieldset className="permission-list">
          <legend className="field-label">{t('rights.roles.permissions')}</legend>
          {permissions.map((permission) => (
            <Checkbox
              key={permission}
              name={permission}
              label={permissionName(permission)}
              checked={chosen.has(permission)}
              disabled={!own.includes(permission)}
              onChange={() => toggle(permission)}
            />
          ))}
        </fieldset>
      </form>
    </Dialog>
  );
}
