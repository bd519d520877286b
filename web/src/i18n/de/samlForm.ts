import type { saml as enSaml, samlAddresses as enAddresses } from '../en/samlForm';
import type { Translation } from '../translation';

export const saml: Translation<typeof enSaml> = {
  metadataUrl: 'Adresse der Metadaten des Anbieters',
  metadataUrlHint:
    'Sie wird einmal gelesen, wenn du speicherst. Oder füge die Metadaten unten ein.',
  metadata: 'Metadaten (XML)',
  readFrom: 'Entitäts-ID des Anbieters: {{entity}}',
  binding: 'Wie Menschen dorthin gelangen',
  redirect: 'Durch Weiterleitung',
  post: 'Durch ein Formular',
  email: 'Attribut mit der E-Mail-Adresse',
  name: 'Attribut mit dem Namen',
  groups: 'Attribut mit den Gruppen',
  usual: 'Leer: die üblichen Namen',
  idpInitiated: 'Menschen dürfen auch beim Anbieter beginnen',
  idpInitiatedHint:
    'Weniger sicher: Einem Browser kann eine fremde Anmeldung untergeschoben werden. Lass es aus, wenn du es nicht brauchst.',
};

export const samlAddresses: Translation<typeof enAddresses> = {
  entity_id: 'Unsere Entitäts-ID, beim Anbieter einzutragen',
  metadata_url: 'Unsere Metadaten',
  acs_url: 'Unsere Adresse für Antworten (ACS)',
  slo_url: 'Unsere Adresse für Abmeldungen (SLO)',
};
