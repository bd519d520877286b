import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { t } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import {
  beginProviderLink,
  deleteProviderLink,
  listProviderLinks,
  type ProviderLink,
} from '@/net/ssoRoutes';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { toast } from '@/ui/Toast';
import { SettingsCard } from './SettingsCard';

const linksKey = ['provider links'];

/** One's accounts at the organization's identity providers; nothing when it has none. */
export function SsoCard() {
  const links = useQuery({
    queryKey: linksKey,
    queryFn: ({ signal }) => listProviderLinks(signal),
  });
  if (!links.data || links.data.length === 0) return null;
  return (
    <SettingsCard id="sso" title={t('sso.links.title')} text={t('sso.links.text')}>
      <ul className="sign-ins">
        {links.data.map((link) => (
          <LinkRow key={link.provider_id} link={link} />
        ))}
      </ul>
    </SettingsCard>
  );
}

function LinkRow({ link }: { link: ProviderLink }) {
  const client = useQueryClient();
  const failed = (error: unknown) =>
    toast({ tone: 'err', title: t('sso.links.failed'), detail: errorText(error) });
  const begin = useMutation({
    mutationFn: () => beginProviderLink(link.provider_id, '/settings#sso'),
    onSuccess: (url) => window.location.assign(url),
    onError: failed,
  });
  const unlink = useMutation({
    mutationFn: () => deleteProviderLink(link.provider_id),
    onSuccess: () => toast({ tone: 'ok', title: t('sso.links.unlinked') }),
    onSettled: () => client.invalidateQueries({ queryKey: linksKey }),
    onError: failed,
  });
  return (
    <li className="settings-row" data-testid="provider-link">
      <span className="organization-row">
        <strong className="truncate">{link.name}</strong>
        {link.linked_at ? <Badge tone="ok">{t('sso.links.linked')}</Badge> : null}
      </span>
      {link.linked_at ? (
        <Button
          size="s"
          busy={unlink.isPending}
          aria-label={t('sso.links.unlinkLabel', { name: link.name })}
          data-testid="unlink-provider"
          onClick={() => unlink.mutate()}
        >
          {t('sso.links.unlink')}
        </Button>
      ) : link.redirects ? (
        <Button
          size="s"
          busy={begin.isPending}
          aria-label={t('sso.links.label', { name: link.name })}
          data-testid="link-provider"
          onClick={() => begin.mutate()}
        >
          {t('sso.links.link')}
        </Button>
      ) : null}
    </li>
  );
}
