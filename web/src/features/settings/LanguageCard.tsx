import { chooseLanguage, isLanguage, language, languages, t } from '@/i18n/i18n';
import { Field } from '@/ui/Field';
import { Select } from '@/ui/Select';
import { SettingsCard } from './SettingsCard';

export function LanguageCard() {
  const options = languages.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <SettingsCard id="language" title={t('settings.language.title')}>
      <Field label={t('settings.language.label')} hint={t('settings.language.hint')}>
        {(control) => (
          <Select
            {...control}
            data-testid="language"
            value={language()}
            options={options}
            onChange={(event) => {
              const id = event.target.value;
              if (!isLanguage(id) || id === language()) return;
              chooseLanguage(id);
              window.location.reload();
            }}
          />
        )}
      </Field>
    </SettingsCard>
  );
}
