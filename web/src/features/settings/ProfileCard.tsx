import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import { rename } from '@/net/accountRoutes';
import type { Me } from '@/net/api';
import { errorText } from '@/net/http';
import { Button } from '@/ui/Button';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { toast } from '@/ui/Toast';
import { roleName } from '../admin/roleName';
import { meQuery } from '../auth/queries';
import { SettingsCard } from './SettingsCard';

export function ProfileCard({ me }: { me: Me }) {
  const client = useQueryClient();
  const [name, setName] = useState(me.user.name);
  const save = useMutation({
    mutationFn: () => rename(name.trim()),
    onSuccess: (user) => {
      client.setQueryData<Me>(meQuery.queryKey, (known) => known && { ...known, user });
      toast({ tone: 'ok', title: t('settings.profile.saved') });
    },
  });
  const unchanged = name.trim() === '' || name.trim() === me.user.name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!unchanged) save.mutate();
  };
  const facts = [
    [t('settings.profile.email'), me.user.email],
    [t('settings.profile.organization'), me.organization.name],
    [t('settings.profile.role'), roleName(me.organization.role)],
  ] as const;
  return (
    <SettingsCard id="profile" title={t('settings.profile.title')}>
      <form className="settings-form" onSubmit={submit}>
        <Field
          label={t('settings.profile.name')}
          error={save.isError ? errorText(save.error) : null}
        >
          {(control) => (
            <Input
              {...control}
              value={name}
              maxLength={200}
              autoComplete="name"
              data-testid="own-name"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" busy={save.isPending} disabled={unchanged} data-testid="save-name">
          {t('common.save')}
        </Button>
      </form>
      <dl className="facts">
        {facts.map(([title, value]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </SettingsCard>
  );
}
