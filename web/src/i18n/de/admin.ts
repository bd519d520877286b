import type { admin as en } from '../en/admin';
import type { Translation } from '../translation';

export const admin: Translation<typeof en> = {
  title: 'Verwaltung',
  about: 'Wer zu {{organization}} gehört, und was darin getan wurde.',
  parts: 'Teile der Verwaltung',
  members: 'Mitglieder',
  audit: 'Prüfprotokoll',
  loadingMembers: 'Mitglieder werden geladen',
  membersFailed: 'Die Mitglieder konnten nicht geladen werden',
  name: 'Name',
  email: 'E-Mail',
  role: 'Rolle',
  since: 'Mitglied seit',
  auditRefused: 'Das Prüfprotokoll ist der Verwaltung vorbehalten',
  auditNeeds:
    'Es braucht die Berechtigung audit_read. Wer die Organisation besitzt, kann deine Rolle ' +
    'ändern.',
  loadingAudit: 'Das Prüfprotokoll wird geladen',
  auditFailed: 'Das Prüfprotokoll konnte nicht geladen werden',
  what: 'Was',
  who: 'Wer',
  from: 'Von',
  when: 'Wann',
  system: 'Das System',
  roles: {
    owner: 'Besitz',
    admin: 'Administration',
    manager: 'Leitung',
    reviewer: 'Prüfung',
    annotator: 'Annotation',
    viewer: 'Ansicht',
  },
};
