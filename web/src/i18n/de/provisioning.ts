import type { provisioning as en } from '../en/provisioning';
import type { Translation } from '../translation';

export const provisioning: Translation<typeof en> = {
  title: 'Provisionierung',
  about:
    'Dein Verzeichnis (Microsoft Entra ID, Okta oder ein anderes, das SCIM 2.0 spricht) legt ' +
    'Konten hier selbst an, ändert und beendet sie.',
  baseUrl: 'Basis-URL',
  baseUrlHint: 'Dein Verzeichnis fragt danach, zusammen mit einem Token.',
  tokens: 'Token des Verzeichnisses',
  tokensHint:
    'Ein Token erreicht nichts als die Provisionierung. Lege ein zweites an, bevor das erste ' +
    'abläuft, und widerrufe dann das erste.',
  token: 'Neues SCIM-Token',
  synced: 'Zuletzt abgeglichen {{when}}',
  neverSynced: 'Nie benutzt',
  groups: 'Gruppen und Rollen',
  groupsHint:
    'Mitglieder einer Gruppe bekommen ihre Rolle, bei mehreren die, die am meisten erlaubt. ' +
    'Niemand wird so zum Eigentümer.',
  noGroups: 'Das Verzeichnis hat noch keine Gruppen gesendet.',
  group: 'Gruppe',
  members: 'Mitglieder',
  gives: 'Rolle der Mitglieder',
  roleOf: 'Rolle der Mitglieder von {{group}}',
  noRole: 'Keine',
  roleGiven: 'Die Rolle ist vergeben',
  roleFailed: 'Die Rolle konnte nicht vergeben werden',
  people: 'Personen',
  noPeople: 'Das Verzeichnis hat noch niemanden gesendet.',
  person: 'Person',
  state: 'Zustand',
  changed: 'Geändert',
  active: 'Aktiv',
  inactive: 'Inaktiv',
  more: 'Mehr anzeigen',
  failed: 'Was das Verzeichnis gesendet hat, konnte nicht geladen werden',
  loading: 'Lade, was das Verzeichnis gesendet hat',
};
