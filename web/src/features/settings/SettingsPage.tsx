import { useQuery } from '@tanstack/react-query';
import { type MessageKey, t } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import { Notice } from '@/ui/Notice';
import { Skeleton } from '@/ui/Skeleton';
import { meQuery } from '../auth/queries';
import { PageHeader } from '../shell/Page';
import { usePageTitle } from '../shell/usePageTitle';
import { AppearanceCard } from './AppearanceCard';
import { EditorCard } from './EditorCard';
import { EmailCard } from './EmailCard';
import { KeysCard } from './KeysCard';
import { LanguageCard } from './LanguageCard';
import { NotificationsCard } from './NotificationsCard';
import { OrganizationsCard } from './OrganizationsCard';
import { PasswordCard } from './PasswordCard';
import { ProfileCard } from './ProfileCard';
import { SecurityCard } from './SecurityCard';
import { SessionsCard } from './SessionsCard';
import { SsoCard } from './SsoCard';
import { TokensCard } from './TokensCard';
import './settings.css';

const parts: readonly [id: string, title: MessageKey][] = [
  ['profile', 'settings.profile.title'],
  ['email', 'settings.email.title'],
  ['appearance', 'settings.appearance.title'],
  ['language', 'settings.language.title'],
  ['editor', 'settings.editor.title'],
  ['keys', 'settings.keys.title'],
  ['notifications', 'settings.notifications.title'],
  ['organizations', 'settings.organization.title'],
  ['password', 'settings.password.title'],
  ['security', 'settings.security.title'],
  ['sessions', 'settings.sessions.title'],
  ['tokens', 'tokens.personal'],
];

export function SettingsPage() {
  usePageTitle(t('settings.title'));
  const me = useQuery(meQuery);
  return (
    <div className="settings">
      <PageHeader title={t('settings.title')} />
      <nav className="settings-nav" aria-label={t('settings.parts')}>
        {parts.map(([id, title]) => (
          <a key={id} href={`#${id}`}>
            {t(title)}
          </a>
        ))}
      </nav>
      <div className="stack-l">
        {window.isSecureContext ? null : (
          <Notice tone="warn" title={t('settings.limited')}>
            {t('settings.limitedText')}
          </Notice>
        )}
        {me.isPending ? (
          <Skeleton height={160} />
        ) : me.isError ? (
          <Notice tone="err" title={t('settings.profile.failed')}>
            {errorText(me.error)}
          </Notice>
        ) : (
          <>
            <ProfileCard me={me.data} />
            <EmailCard me={me.data} />
          </>
        )}
        <AppearanceCard />
        <LanguageCard />
        <EditorCard />
        <KeysCard />
        <NotificationsCard />
        {me.data ? <OrganizationsCard current={me.data.organization} /> : null}
        {me.data ? <PasswordCard me={me.data} /> : null}
        {me.data ? <SecurityCard /> : null}
        {me.data ? <SsoCard /> : null}
        <SessionsCard />
        {me.data ? <TokensCard permissions={me.data.permissions} /> : null}
      </div>
    </div>
  );
}
