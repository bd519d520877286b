import type { review as en } from '../en/review';
import type { Translation } from '../translation';

export const review: Translation<typeof en> = {
  back: 'Zurück zu {{project}}',
  previous: 'Voriges Bild',
  next: 'Nächstes Bild',
  sheet: 'Prüfung',
  parts: 'Was geprüft wird',
  suggestions: 'KI {{count}}',
  objects: 'Objekte {{count}}',
  comments: 'Kommentare {{count}}',
  accept: 'Annehmen',
  reject: 'Ablehnen',
  earlier: 'Voriger Vorschlag',
  later: 'Nächster Vorschlag',
  position: '{{number}} von {{total}}',
  none: 'Hier warten keine Vorschläge.',
  loading: 'Vorschläge werden geladen',
  empty: 'Auf diesem Bild ist nichts gezeichnet.',
  wide: 'Zum Zeichnen nimm einen breiteren Bildschirm.',
  delete: '{{name}} löschen',
};
