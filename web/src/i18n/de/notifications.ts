import type { notifications as en } from '../en/notifications';
import type { Translation } from '../translation';

export const notifications: Translation<typeof en> = {
  title: 'Benachrichtigungen',
  mentions: 'Erwähnungen',
  work: 'Fertige Arbeit',
  unread_one: '{{count}} ungelesene Benachrichtigung',
  unread_other: '{{count}} ungelesene Benachrichtigungen',
  none: 'Nichts Ungelesenes',
  failed: 'Sie konnten nicht abgerufen werden.',
  readAll: 'Alle als gelesen markieren',
  notRead: 'Sie konnten nicht als gelesen markiert werden',
  allJobs: 'Alle Aufträge',
  done: '{{what}}: fertig',
  doneIn: '{{what}} in {{project}}: fertig',
  broken: '{{what}}: gescheitert',
  brokenIn: '{{what}} in {{project}}: gescheitert',
};
