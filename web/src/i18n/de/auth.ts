import type { auth as en } from '../en/auth';
import type { Translation } from '../translation';

export const auth: Translation<typeof en> = {
  signIn: 'Anmelden',
  register: 'Konto anlegen',
  create: 'Konto anlegen',
  noCookie: 'Der Browser hat die Sitzung nicht behalten. Öffne diese Seite über HTTPS.',
  line: 'Bilder rein, Ground Truth raus.',
  story:
    'Zeichne, klicke oder lass die Modelle vorschlagen. Du entscheidest, was stimmt, und jede ' +
    'Änderung bleibt erhalten.',
  registerTitle: 'Dein Konto anlegen',
  signInTitle: 'Willkommen zurück',
  registerText: 'Ein Arbeitsplatz für dich und dein Team.',
  signInText: 'Melde dich an, um weiterzumachen.',
  name: 'Dein Name',
  organization: 'Organisation',
  organizationHint: 'Andere kannst du später einladen.',
  email: 'E-Mail',
  password: 'Passwort',
  passwordHint: 'Mindestens 8 Zeichen.',
  capsLock: 'Die Feststelltaste ist an.',
  hide: 'Passwort verbergen',
  show: 'Passwort anzeigen',
  wait: 'Erneut versuchen in {{seconds}} s',
  known: 'Schon ein Konto?',
  new: 'Neu hier?',
  errors: {
    name: 'Gib deinen Namen ein.',
    organization: 'Gib den Namen deines Teams oder Unternehmens ein.',
    email: 'Gib eine E-Mail-Adresse ein.',
    password: 'Gib ein Passwort ein.',
    noMatch: 'E-Mail-Adresse und Passwort passen zu keinem Konto.',
    mfa: 'Dieses Konto verlangt einen zweiten Faktor, den diese Seite noch nicht annehmen kann.',
    wait: 'Zu viele Versuche. Warte einen Moment.',
  },
  again: {
    title: 'Neu anmelden',
    text:
      'Deine Sitzung ist beendet. Nichts Gezeichnetes ist verloren: Melde dich an, dann wird es ' +
      'gespeichert.',
    leave: 'Seite verlassen',
  },
};
