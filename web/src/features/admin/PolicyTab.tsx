import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import { type Policy, savePolicy } from '@/net/adminRoutes';
import type { Me } from '@/net/api';
import { errorText } from '@/net/http';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { Field } from '@/ui/Field';
import { Checkbox, Input, TextArea } from '@/ui/Input';
import { toast } from '@/ui/Toast';
import '../tokens/tokens.css';
import { LoadingTable, Refused } from './AdminTable';
import { OrganizationCard } from './OrganizationCard';
import { policyQuery, rolesQuery } from './queries';
import { roleName } from './roleName';
import type { SectionProps } from './sections';

export default function PolicyTab({ me }: SectionProps) {
  const allowed = me.permissions.includes('organization_write');
  const policy = useQuery({ ...policyQuery(me.organization.id), enabled: allowed });
  if (!allowed) return <Refused permission="organization_write" />;
  if (policy.isPending) return <LoadingTable label={t('rights.tabs.policy')} />;
  if (policy.isError) {
    return (
      <ErrorState
        title={t('rights.policy.loadFailed')}
        detail={errorText(policy.error)}
        onRetry={() => void policy.refetch()}
      />
    );
  }
  return (
    <div className="stack-l admin-forms">
      <PolicyForm me={me} stored={policy.data} />
      <OrganizationCard me={me} />
    </div>
  );
}

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function PolicyForm({ me, stored }: { me: Me; stored: Policy }) {
  const client = useQueryClient();
  const [policy, setPolicy] = useState(stored);
  const [ranges, setRanges] = useState(stored.ip_ranges.join('\n'));
  const [domains, setDomains] = useState(stored.signup_domains.join('\n'));
  const save = useMutation({
    mutationFn: () =>
      savePolicy(me.organization.id, {
        ...policy,
        ip_ranges: lines(ranges),
        signup_domains: lines(domains).map((line) => line.toLowerCase()),
      }),
    onSuccess: (saved) => {
      client.setQueryData(policyQuery(me.organization.id).queryKey, saved);
      toast({ tone: 'ok', title: t('rights.policy.saved') });
    },
    onError: (error) =>
      toast({ tone: 'err', title: t('rights.members.failed'), detail: errorText(error) }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const set = (change: Partial<Policy>) => setPolicy({ ...policy, ...change });
  return (
    <form className="card card-pad stack" onSubmit={submit} noValidate>
      <div>
        <h2 className="h3">{t('rights.policy.signIn')}</h2>
        <p className="muted">{t('rights.policy.signInText')}</p>
      </div>
      <MfaFields organization={me.organization.id} policy={policy} set={set} />
      <Checkbox
        label={t('rights.policy.sso')}
        hint={t('rights.policy.ssoHint')}
        data-testid="policy-sso"
        checked={policy.sso_only}
        onChange={(event) => set({ sso_only: event.target.checked })}
      />
      <div className="form-pair">
        <NumberField
          label={t('rights.policy.idle')}
          value={policy.idle_minutes}
          max={1440}
          testId="policy-idle"
          change={(idle_minutes) => set({ idle_minutes })}
        />
        <NumberField
          label={t('rights.policy.absolute')}
          value={policy.absolute_hours}
          max={720}
          change={(absolute_hours) => set({ absolute_hours })}
        />
      </div>
      <div className="form-pair">
        <Field label={t('rights.policy.ranges')} hint={t('rights.policy.rangesHint')}>
          {(control) => (
            <TextArea
              {...control}
              rows={3}
              value={ranges}
              onChange={(event) => setRanges(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('rights.policy.domains')} hint={t('rights.policy.domainsHint')}>
          {(control) => (
            <TextArea
              {...control}
              rows={3}
              data-testid="policy-domains"
              value={domains}
              onChange={(event) => setDomains(event.target.value)}
            />
          )}
        </Field>
      </div>
      <div className="form-pair">
        <NumberField
          label={t('rights.policy.tokenDays')}
          value={policy.token_days_max}
          max={3650}
          change={(token_days_max) => set({ token_days_max })}
        />
      </div>
      <div>
        <Button type="submit" variant="primary" busy={save.isPending} data-testid="save-policy">
          {t('rights.policy.save')}
        </Button>
      </div>
    </form>
  );
}

interface MfaFieldsProps {
  organization: string;
  policy: Policy;
  set: (change: Partial<Policy>) => void;
}

/** A second factor for all, or for some roles. */
function MfaFields({ organization, policy, set }: MfaFieldsProps) {
  const roles = useQuery(rolesQuery(organization));
  const choose = (role: string, chosen: boolean) => {
    const others = policy.mfa_roles.filter((one) => one !== role);
    set({ mfa_roles: chosen ? [...others, role] : others });
  };
  return (
    <>
      <Checkbox
        label={t('rights.policy.mfa')}
        data-testid="policy-mfa"
        checked={policy.mfa_required}
        onChange={(event) => set({ mfa_required: event.target.checked })}
      />
      {policy.mfa_required ? null : (
        <fieldset className="token-scopes">
          <legend className="field-label">{t('rights.policy.mfaRoles')}</legend>
          <div className="token-scope-list">
            {(roles.data ?? []).map((role) => (
              <Checkbox
                key={role.id}
                label={roleName(role.name)}
                data-testid={`policy-mfa-${role.id}`}
                checked={policy.mfa_roles.includes(role.id)}
                onChange={(event) => choose(role.id, event.target.checked)}
              />
            ))}
          </div>
        </fieldset>
      )}
    </>
  );
}

interface NumberFieldProps {
  label: string;
  value: number;
  max: number;
  testId?: string;
  change: (value: number) => void;
}

/** A whole number; an empty field is 0, which sets nothing. */
function NumberField({ label, value, max, testId, change }: NumberFieldProps) {
  return (
    <Field label={label}>
      {(control) => (
        <Input
          {...control}
          type="number"
          min={0}
          max={max}
          step={1}
          data-testid={testId}
          value={value === 0 ? '' : value}
          onChange={(event) => change(Math.max(0, Math.trunc(Number(event.target.value)) || 0))}
        />
      )}
    </Field>
  );
}
