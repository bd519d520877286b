import type { ldap as en } from '../en/ldapForm';
import type { Translation } from '../translation';

export const ldap: Translation<typeof en> = {
  url: 'Adresse des Servers',
  urlHint: 'ldaps://ldap.example.org, oder ldap://… mit StartTLS',
  startTls: 'TLS auf dem offenen Anschluss beginnen (StartTLS)',
  authority: 'Zertifizierungsstelle (PEM)',
  authorityHint: 'Leer: die, die das System kennt, bürgen für den Server.',
  bindDn: 'Wer sucht (Bind-DN)',
  bindDnHint: 'Leer: niemand Bestimmtes, wo der Server das erlaubt.',
  password: 'Passwort des Bind-DN',
  baseDn: 'Wo Personen stehen (Basis-DN)',
  filter: 'Filter, der eine Person findet',
  filterHint: '{user} steht für den eingetippten Namen. Active Directory: (sAMAccountName={user})',
  subject: 'Attribut, das sich nie ändert',
  subjectHint: 'entryUUID; in Active Directory objectGUID.',
  email: 'Attribut mit der E-Mail-Adresse',
  name: 'Attribut mit dem Namen',
  groups: 'Attribut mit den Gruppen',
};
