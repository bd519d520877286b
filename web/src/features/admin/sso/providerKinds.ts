import { type LazyExoticComponent, type ReactNode, lazy } from 'react';
import type { ProviderConfig, ProviderKind } from '@/net/ssoRoutes';

/** What a kind's own part of the form is given. */
export interface KindFieldsProps {
  config: ProviderConfig;
  change: (config: ProviderConfig) => void;
  secret: string;
  setSecret: (secret: string) => void;
  hasSecret: boolean;
  /** The server's word on a field, by its pointer. */
  problem: (pointer: string) => string | null;
}

export interface KindForm {
  kind: ProviderKind;
  empty: ProviderConfig;
  Fields: LazyExoticComponent<(props: KindFieldsProps) => ReactNode>;
}

/** The kinds that can be set up here; each has a file of its own. */
export const providerKinds: readonly KindForm[] = [
  {
    kind: 'oidc',
    empty: {
      issuer: '',
      client_id: '',
      token_auth: 'client_secret_basic',
      scopes: ['openid', 'email', 'profile'],
      email_claim: 'email',
      name_claim: 'name',
      groups_claim: '',
      trusts_email: false,
    },
    Fields: lazy(() => import('./OidcFields')),
  },
  {
    kind: 'saml',
    empty: {
      metadata: '',
      metadata_url: '',
      binding: 'redirect',
      email_attribute: '',
      name_attribute: '',
      groups_attribute: '',
      idp_initiated: false,
    },
    Fields: lazy(() => import('./SamlFields')),
  },
  {
    kind: 'ldap',
    empty: {
      url: 'ldaps://',
      start_tls: false,
      authority: '',
      bind_dn: '',
      base_dn: '',
      scope: 'subtree',
      user_filter: '(uid={user})',
      subject_attribute: 'entryUUID',
      email_attribute: 'mail',
      name_attribute: 'displayName',
      groups_attribute: 'memberOf',
    },
    Fields: lazy(() => import('./LdapFields')),
  },
];

export function kindForm(kind: ProviderKind): KindForm | undefined {
  return providerKinds.find((one) => one.kind === kind);
}
