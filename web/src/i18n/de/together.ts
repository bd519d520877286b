import type { together as en } from '../en/together';
import type { Translation } from '../translation';

export const together: Translation<typeof en> = {
  people: 'Personen an diesem Bild',
  others_one: '{{count}} weitere Person hier',
  others_other: '{{count}} weitere Personen hier',
  oneself: '{{name}} (du)',
  followSomebody: 'Jemandem beim Arbeiten folgen',
  follow: '{{initials}}, {{name}} folgen',
  following: 'Du folgst {{name}}',
  stop: 'beendet es',
  somebody: 'Jemand',
  ownWindow: 'Ein anderes Fenster von dir',
  show: 'Zeigen',
  selected_one: '{{count}} Objekt aus deiner Auswahl',
  selected_other: '{{count}} Objekte aus deiner Auswahl',
  changed: '{{who}} hat geändert: {{what}}',
  deleted: '{{who}} hat gelöscht: {{what}}',
  held: '{{who}} bewegt das auch gerade: {{what}}. Ändert ihr dasselbe, zählt das Spätere',
  tools: {
    select: 'wählt aus',
    box: 'zeichnet Rechtecke',
    polygon: 'zeichnet Polygone',
    segment: 'arbeitet mit der KI',
    comment: 'kommentiert',
    other: 'schaut zu',
  },
};
