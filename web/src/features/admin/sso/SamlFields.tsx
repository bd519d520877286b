import { t } from '@/i18n/i18n';
import { Field } from '@/ui/Field';
import { Checkbox, Input, TextArea } from '@/ui/Input';
import { Select } from '@/ui/Select';
import type { KindFieldsProps } from './providerKinds';

export default function SamlFields({ config, change, problem }: KindFieldsProps) {
  const set = (name: string, value: unknown) => change({ ...config, [name]: value });
  const text = (name: string) => String(config[name] ?? '');
  const line = (name: string, label: string, hint?: string) => (
    <Field label={label} hint={hint} error={problem(`/config/${name}`)}>
      {(control) => (
        <Input
          {...control}
          data-testid={`saml-${name}`}
          value={text(name)}
          spellCheck={false}
          onChange={(event) => set(name, event.target.value.trim())}
        />
      )}
    </Field>
  );
  // An address says the XML anew: what was read from the one before is not kept beside it.
  const fromUrl = (url: string) => change({ ...config, metadata_url: url, metadata: '' });
  return (
    <>
      <Field
        label={t('providers.saml.metadataUrl')}
        hint={t('providers.saml.metadataUrlHint')}
        error={problem('/config/metadata_url')}
      >
        {(control) => (
          <Input
            {...control}
            type="url"
            data-testid="saml-metadata_url"
            value={text('metadata_url')}
            onChange={(event) => fromUrl(event.target.value.trim())}
          />
        )}
      </Field>
      <Field label={t('providers.saml.metadata')} error={exactly(problem, '/config/metadata')}>
        {(control) => (
          <TextArea
            {...control}
            rows={5}
            data-testid="saml-metadata"
            spellCheck={false}
            value={text('metadata')}
            onChange={(event) => set('metadata', event.target.value)}
          />
        )}
      </Field>
      {text('entity_id') === '' ? null : (
        <p className="muted" data-testid="saml-entity">
          {t('providers.saml.readFrom', { entity: text('entity_id') })}
        </p>
      )}
      <Field label={t('providers.saml.binding')}>
        {(control) => (
          <Select
            {...control}
            value={text('binding')}
            options={[
              { value: 'redirect', label: t('providers.saml.redirect') },
              { value: 'post', label: t('providers.saml.post') },
            ]}
            onChange={(event) => set('binding', event.target.value)}
          />
        )}
      </Field>
      <div className="form-pair">
        {line('email_attribute', t('providers.saml.email'), t('providers.saml.usual'))}
        {line('name_attribute', t('providers.saml.name'), t('providers.saml.usual'))}
      </div>
      {line('groups_attribute', t('providers.saml.groups'), t('providers.saml.usual'))}
      <Checkbox
        label={t('providers.saml.idpInitiated')}
        hint={t('providers.saml.idpInitiatedHint')}
        checked={config.idp_initiated === true}
        onChange={(event) => set('idp_initiated', event.target.checked)}
      />
    </>
  );
}

// `/config/metadata` begins `/config/metadata_url`, too.
function exactly(problem: KindFieldsProps['problem'], pointer: string): string | null {
  return problem(`${pointer}_url`) === null ? problem(pointer) : null;
}
