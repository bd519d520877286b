import { t } from '@/i18n/i18n';
import { Field } from '@/ui/Field';
import { Checkbox, Input } from '@/ui/Input';
import { Select } from '@/ui/Select';
import type { KindFieldsProps } from './providerKinds';

export default function OidcFields(props: KindFieldsProps) {
  const { config, change, secret, setSecret, hasSecret, problem } = props;
  const set = (name: string, value: unknown) => change({ ...config, [name]: value });
  const text = (name: string) => String(config[name] ?? '');
  const scopes = Array.isArray(config.scopes) ? config.scopes.join(' ') : '';
  const claim = (name: string, label: string, hint?: string) => (
    <Field label={label} hint={hint} error={problem(`/config/${name}`)}>
      {(control) => (
        <Input
          {...control}
          value={text(name)}
          spellCheck={false}
          onChange={(event) => set(name, event.target.value)}
        />
      )}
    </Field>
  );
  return (
    <>
      <Field
        label={t('providers.oidc.issuer')}
        hint={t('providers.oidc.issuerHint')}
        error={problem('/config/issuer')}
      >
        {(control) => (
          <Input
            {...control}
            type="url"
            data-testid="oidc-issuer"
            value={text('issuer')}
            onChange={(event) => set('issuer', event.target.value.trim())}
          />
        )}
      </Field>
      <div className="form-pair">
        <Field label={t('providers.oidc.clientId')} error={problem('/config/client_id')}>
          {(control) => (
            <Input
              {...control}
              data-testid="oidc-client"
              autoComplete="off"
              value={text('client_id')}
              onChange={(event) => set('client_id', event.target.value.trim())}
            />
          )}
        </Field>
        <Field label={t('providers.oidc.auth')}>
          {(control) => (
            <Select
              {...control}
              value={text('token_auth')}
              options={[
                { value: 'client_secret_basic', label: t('providers.oidc.authBasic') },
                { value: 'client_secret_post', label: t('providers.oidc.authPost') },
                { value: 'none', label: t('providers.oidc.authNone') },
              ]}
              onChange={(event) => set('token_auth', event.target.value)}
            />
          )}
        </Field>
      </div>
      {config.token_auth === 'none' ? null : (
        <Field
          label={t('providers.secret')}
          hint={hasSecret ? t('providers.secretKept') : undefined}
          error={problem('/secret')}
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              data-testid="provider-secret"
              autoComplete="new-password"
              value={secret}
              onChange={(event) => setSecret(event.target.value)}
            />
          )}
        </Field>
      )}
      <Field label={t('providers.oidc.scopes')} error={problem('/config/scopes')}>
        {(control) => (
          <Input
            {...control}
            defaultValue={scopes}
            spellCheck={false}
            onChange={(event) => set('scopes', event.target.value.split(/[\s,]+/).filter(Boolean))}
          />
        )}
      </Field>
      <div className="form-pair">
        {claim('email_claim', t('providers.oidc.emailClaim'))}
        {claim('name_claim', t('providers.oidc.nameClaim'))}
      </div>
      {claim('groups_claim', t('providers.oidc.groupsClaim'), t('providers.oidc.groupsClaimHint'))}
      <Checkbox
        label={t('providers.oidc.trustsEmail')}
        hint={t('providers.oidc.trustsEmailHint')}
        checked={config.trusts_email === true}
        onChange={(event) => set('trusts_email', event.target.checked)}
      />
    </>
  );
}
