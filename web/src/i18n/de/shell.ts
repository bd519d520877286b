import type { shell as en } from '../en/shell';
import type { Translation } from '../translation';

export const shell: Translation<typeof en> = {
  skip: 'Zum Inhalt springen',
  home: 'AnnotateAI, alle Projekte',
  main: 'Hauptnavigation',
  menu: 'Menü',
  projects: 'Projekte',
  models: 'Modelle',
  jobs: 'Aufträge',
  settings: 'Einstellungen',
  administration: 'Verwaltung',
  signOut: 'Abmelden',
  stillSignedIn: 'Du bist noch angemeldet',
  useLight: 'Helles Design verwenden',
  useDark: 'Dunkles Design verwenden',
  account: 'Konto',
  accountOf: '{{initials}}, Konto von {{name}}',
  organizations: 'Organisationen',
  switchFailed: 'Die Organisation konnte nicht gewechselt werden',
  newOrganization: 'Neue Organisation',
  notFound: {
    title: 'Nicht gefunden',
    heading: 'Hier ist nichts',
    text:
      'Vielleicht ist die Adresse falsch geschrieben, oder ihr Ziel wurde gelöscht oder gehört ' +
      'einer anderen Organisation.',
    home: 'Zu deinen Projekten',
  },
  offline:
    'Du bist offline. Was du siehst, kann veraltet sein; das Hochladen geht weiter, sobald du ' +
    'wieder verbunden bist.',
  update: 'Es gibt eine neuere Version von AnnotateAI. Lade die Seite neu, wenn es dir passt.',
  reload: 'Neu laden',
  verify: {
    title: 'Bestätige zuerst deine E-Mail-Adresse',
    text: 'Ein Link ging an {{email}}. Öffne ihn, dann sind deine Projekte da.',
  },
  failed: {
    newer: 'Es gibt eine neuere Version',
    newerText:
      'AnnotateAI wurde aktualisiert, während diese Seite offen war. Lade sie neu, um ' +
      'weiterzumachen.',
    title: 'Diese Seite konnte nicht angezeigt werden',
    text:
      'Auf dieser Seite ist etwas kaputtgegangen. Gespeicherte Arbeit liegt sicher auf dem ' +
      'Server.',
  },
};
