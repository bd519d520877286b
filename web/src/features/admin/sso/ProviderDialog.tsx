import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, Suspense, useState } from 'react';
import { t } from '@/i18n/i18n';
import type { Me } from '@/net/api';
import { ApiError, codeText, errorText } from '@/net/http';
import {
  changeProvider,
  createProvider,
  type IdentityProvider,
  type ProviderInput,
  type ProviderKind,
} from '@/net/ssoRoutes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { Checkbox, Input, TextArea } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { Select } from '@/ui/Select';
import { Skeleton } from '@/ui/Skeleton';
import { givable } from '../givable';
import { rolesQuery } from '../queries';
import { roleName } from '../roleName';
import { kindForm, providerKinds } from './providerKinds';
import { providersKey } from './providersQuery';
import { RoleRules } from './RoleRules';

interface ProviderDialogProps {
  me: Me;
  provider?: IdentityProvider;
  close: () => void;
}

function firstDraft(provider: IdentityProvider | undefined, kind: ProviderKind): ProviderInput {
  if (provider) {
    const { name, enabled, config, domains, jit, default_role, role_rules, trusts_mfa } = provider;
    return { name, enabled, config, domains, jit, default_role, role_rules, trusts_mfa };
  }
  const config = kindForm(kind)?.empty ?? {};
  const rest = { domains: [], jit: true, default_role: 'viewer', role_rules: [] };
  return { name: '', enabled: false, config, ...rest, trusts_mfa: false };
}

/** Adds an identity provider, or changes the one given. */
export function ProviderDialog({ me, provider, close }: ProviderDialogProps) {
  const client = useQueryClient();
  const [kind, setKind] = useState<ProviderKind>(provider?.kind ?? 'oidc');
  const [draft, setDraft] = useState(() => firstDraft(provider, kind));
  const [domains, setDomains] = useState(draft.domains.join('\n'));
  const [secret, setSecret] = useState('');
  const roles = useQuery(rolesQuery(me.organization.id));
  const save = useMutation({
    mutationFn: () => {
      const input: ProviderInput = {
        ...draft,
        name: draft.name.trim(),
        domains: domains.split(/[\s,]+/).filter(Boolean),
      };
      if (secret !== '') input.secret = secret;
      return provider ? changeProvider(provider, input) : createProvider({ ...input, kind });
    },
    onSuccess: close,
    onSettled: () => client.invalidateQueries({ queryKey: providersKey }),
  });
  const set = (change: Partial<ProviderInput>) => setDraft({ ...draft, ...change });
  const problem = (pointer: string) => problemAt(save.error, pointer);
  const told = save.error instanceof ApiError && save.error.errors.length > 0;
  const options = givable(roles.data ?? [], me.permissions)
    .filter((role) => role.id !== 'owner')
    .map((role) => ({ value: role.id, label: roleName(role.name) }));
  const form = kindForm(kind);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog
      open
      onOpenChange={close}
      locked={save.isPending}
      width={640}
      title={provider ? t('providers.editTitle', { name: provider.name }) : t('providers.add')}
      testId="provider-dialog"
      footer={
        <>
          <Button onClick={close}>{t('providers.cancel')}</Button>
          <Button
            type="submit"
            form="provider"
            variant="primary"
            busy={save.isPending}
            data-testid="save-provider"
          >
            {t('providers.save')}
          </Button>
        </>
      }
    >
      <form id="provider" className="stack" onSubmit={submit} noValidate>
        <div className="form-pair">
          <Field
            label={t('providers.name')}
            hint={t('providers.nameHint')}
            error={problem('/name')}
          >
            {(control) => (
              <Input
                {...control}
                data-testid="provider-name"
                maxLength={100}
                value={draft.name}
                onChange={(event) => set({ name: event.target.value })}
              />
            )}
          </Field>
          {provider || providerKinds.length < 2 ? null : (
            <Field label={t('providers.kind')}>
              {(control) => (
                <Select
                  {...control}
                  data-testid="provider-kind"
                  value={kind}
                  options={providerKinds.map((one) => ({
                    value: one.kind,
                    label: t(`providers.kinds.${one.kind}`),
                  }))}
                  onChange={(event) => {
                    const next = event.target.value as ProviderKind;
                    setKind(next);
                    set({ config: kindForm(next)?.empty ?? {} });
                  }}
                />
              )}
            </Field>
          )}
        </div>
        {form ? (
          <Suspense fallback={<Skeleton height={200} />}>
            <form.Fields
              key={kind}
              config={draft.config}
              change={(config) => set({ config })}
              secret={secret}
              setSecret={setSecret}
              hasSecret={provider?.has_secret ?? false}
              problem={problem}
            />
          </Suspense>
        ) : null}
        <Field
          label={t('providers.domains')}
          hint={t('providers.domainsHint')}
          error={problem('/domains')}
        >
          {(control) => (
            <TextArea
              {...control}
              rows={2}
              data-testid="provider-domains"
              value={domains}
              onChange={(event) => setDomains(event.target.value)}
            />
          )}
        </Field>
        <RoleRules
          rules={draft.role_rules}
          roles={options}
          change={(role_rules) => set({ role_rules })}
          problem={problem}
        />
        <Field label={t('providers.defaultRole')} error={problem('/default_role')}>
          {(control) => (
            <Select
              {...control}
              data-testid="provider-role"
              value={draft.default_role}
              options={options}
              onChange={(event) => set({ default_role: event.target.value })}
            />
          )}
        </Field>
        <Checkbox
          label={t('providers.jit')}
          checked={draft.jit}
          onChange={(event) => set({ jit: event.target.checked })}
        />
        <Checkbox
          label={t('providers.trustsMfa')}
          hint={t('providers.trustsMfaHint')}
          checked={draft.trusts_mfa}
          onChange={(event) => set({ trusts_mfa: event.target.checked })}
        />
        {save.isError ? (
          <Notice tone="err" title={t('providers.saveFailed')}>
            {told ? null : errorText(save.error)}
          </Notice>
        ) : null}
      </form>
    </Dialog>
  );
}

function problemAt(error: unknown, pointer: string): string | null {
  if (!(error instanceof ApiError)) return null;
  const found = error.errors.find((one) => one.pointer.startsWith(pointer));
  if (!found) return null;
  return codeText(error.code) ?? (error.errors.length === 1 ? error.detail : found.detail);
}
