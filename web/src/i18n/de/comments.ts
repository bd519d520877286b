import type { comments as en } from '../en/comments';
import type { Translation } from '../translation';

export const comments: Translation<typeof en> = {
  title: 'Kommentare',
  which: 'Welche Kommentare',
  open: 'Offen {{count}}',
  resolved: 'Erledigt',
  add: 'Neu',
  none:
    'Keine offenen Kommentare. Drücke {{key}} und klicke auf eine Stelle, oder wähle zuerst ein ' +
    'Objekt aus, um es zu kommentieren.',
  noneResolved: 'Hier wurde noch nichts erledigt.',
  replies_one: '{{count}} Antwort',
  replies_other: '{{count}} Antworten',
  people: 'Personen',
  onImage: 'Kommentare im Bild',
  pin: '{{mark}}, Kommentar von {{name}}: {{words}}',
  onThisObject: 'Dieses Objekt kommentieren',
  onObject: 'Kommentar zu einem Objekt',
  one: 'Kommentar',
  say: 'Sag etwas, mit @ erwähnst du jemanden',
  reply: 'Antworten',
  replyHint: 'Antworten, @ zum Erwähnen',
  reopen: 'Wieder öffnen',
  resolve: 'Erledigt',
  resolvedAt: 'Erledigt {{ago}}',
  resolvedBy: 'Erledigt von {{name}}, {{ago}}',
  deletedBy: '{{name}} hat diesen Kommentar gelöscht',
  editLabel: 'Kommentar bearbeiten',
  edited: 'bearbeitet',
  edit: 'Bearbeiten',
  delete: 'Löschen',
  deleteAsk: 'Diesen Kommentar löschen?',
  keep: 'Behalten',
  failed: {
    comment: 'Der Kommentar kam nicht an',
    reply: 'Die Antwort kam nicht an',
    edit: 'Der Kommentar wurde nicht geändert',
    delete: 'Der Kommentar wurde nicht gelöscht',
    resolve: 'Der Kommentar ist noch nicht erledigt',
    reopen: 'Der Kommentar wurde nicht wieder geöffnet',
  },
};
