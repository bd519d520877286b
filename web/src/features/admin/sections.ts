import { lazy } from 'react';
import type { MessageKey } from '@/i18n/i18n';
import type { Me } from '@/net/api';

export interface SectionProps {
  me: Me;
}

/** The parts of the administration: the last word of the address, the tab, what it shows. */
export const sections = [
  { name: 'members', title: 'admin.members', Part: lazy(() => import('./MembersTab')) },
  {
    name: 'invitations',
    title: 'rights.tabs.invitations',
    Part: lazy(() => import('./InvitationsTab')),
  },
  { name: 'roles', title: 'rights.tabs.roles', Part: lazy(() => import('./RolesTab')) },
  { name: 'policy', title: 'rights.tabs.policy', Part: lazy(() => import('./PolicyTab')) },
  { name: 'sso', title: 'providers.title', Part: lazy(() => import('./sso/SsoTab')) },
  {
    name: 'provisioning',
    title: 'provisioning.title',
    Part: lazy(() => import('./ProvisioningTab')),
  },
  { name: 'tokens', title: 'tokens.service', Part: lazy(() => import('./TokensTab')) },
  { name: 'keys', title: 'tokens.keys.title', Part: lazy(() => import('./KeysTab')) },
  { name: 'usage', title: 'rights.tabs.usage', Part: lazy(() => import('./UsageTab')) },
  { name: 'audit', title: 'admin.audit', Part: lazy(() => import('./AuditPanel')) },
  { name: 'webhooks', title: 'admin.webhooks.title', Part: lazy(() => import('./WebhooksPanel')) },
] as const satisfies readonly {
  name: string;
  title: MessageKey;
  Part: React.LazyExoticComponent<(props: SectionProps) => React.ReactNode>;
}[];
