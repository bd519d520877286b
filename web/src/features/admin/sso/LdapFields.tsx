import { t } from '@/i18n/i18n';
import { Field } from '@/ui/Field';
import { Checkbox, Input, TextArea } from '@/ui/Input';
import type { KindFieldsProps } from './providerKinds';

export default function LdapFields(props: KindFieldsProps) {
  const { config, change, secret, setSecret, hasSecret, problem } = props;
  const set = (name: string, value: unknown) => change({ ...config, [name]: value });
  const text = (name: string) => String(config[name] ?? '');
  const line = (name: string, label: string, hint?: string) => (
    <Field label={label} hint={hint} error={problem(`/config/${name}`)}>
      {(control) => (
        <Input
          {...control}
          data-testid={`ldap-${name}`}
          value={text(name)}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => set(name, event.target.value)}
        />
      )}
    </Field>
  );
  return (
    <>
      {line('url', t('providers.ldap.url'), t('providers.ldap.urlHint'))}
      <Checkbox
        label={t('providers.ldap.startTls')}
        checked={config.start_tls === true}
        data-testid="ldap-start-tls"
        onChange={(event) => set('start_tls', event.target.checked)}
      />
      <Field
        label={t('providers.ldap.authority')}
        hint={t('providers.ldap.authorityHint')}
        error={problem('/config/authority')}
      >
        {(control) => (
          <TextArea
            {...control}
            rows={4}
            value={text('authority')}
            spellCheck={false}
            onChange={(event) => set('authority', event.target.value)}
          />
        )}
      </Field>
      {line('bind_dn', t('providers.ldap.bindDn'), t('providers.ldap.bindDnHint'))}
      <Field
        label={t('providers.ldap.password')}
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
      {line('base_dn', t('providers.ldap.baseDn'))}
      {line('user_filter', t('providers.ldap.filter'), t('providers.ldap.filterHint'))}
      {line('subject_attribute', t('providers.ldap.subject'), t('providers.ldap.subjectHint'))}
      <div className="form-pair">
        {line('email_attribute', t('providers.ldap.email'))}
        {line('name_attribute', t('providers.ldap.name'))}
      </div>
      {line('groups_attribute', t('providers.ldap.groups'), t('providers.oidc.groupsClaimHint'))}
    </>
  );
}
