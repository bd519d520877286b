import { Contrast, Monitor, Moon, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import { t } from '@/i18n/i18n';
import { Checkbox } from '@/ui/Input';
import { Segmented } from '@/ui/Segmented';
import { SettingsCard } from './SettingsCard';
import { setLook, type ThemeChoice, themeChoices, useLook } from './theme';

const icons: Record<ThemeChoice, ReactNode> = {
  system: <Monitor aria-hidden="true" />,
  dark: <Moon aria-hidden="true" />,
  light: <Sun aria-hidden="true" />,
  contrast: <Contrast aria-hidden="true" />,
};

export function AppearanceCard() {
  const look = useLook();
  const themes = themeChoices.map((value) => ({
    value,
    label: (
      <>
        {icons[value]} {t(`settings.appearance.themes.${value}`)}
      </>
    ),
  }));
  return (
    <SettingsCard id="appearance" title={t('settings.appearance.title')}>
      <div className="settings-row">
        <div>
          <strong>{t('settings.appearance.theme')}</strong>
          <p>{t('settings.appearance.themeHint')}</p>
        </div>
        <Segmented
          label={t('settings.appearance.theme')}
          value={look.theme}
          options={themes}
          onChange={(theme) => setLook('theme', theme)}
        />
      </div>
      {(['glass', 'calm', 'compact'] as const).map((name) => (
        <Checkbox
          key={name}
          label={t(`settings.appearance.${name}`)}
          hint={t(`settings.appearance.${name}Hint`)}
          checked={look[name]}
          onChange={(event) => setLook(name, event.target.checked)}
        />
      ))}
    </SettingsCard>
  );
}
