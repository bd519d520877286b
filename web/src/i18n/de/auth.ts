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
  strength: {
    s0: 'Sofort erraten',
    s1: 'Leicht zu erraten',
    s2: 'Geht besser',
    s3: 'Gut',
    s4: 'Stark',
  },
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
    wait: 'Zu viele Versuche. Warte einen Moment.',
  },
  passkey: 'Mit einem Passkey anmelden',
  deadLink: 'Dieser Link wurde benutzt, ersetzt oder ist zu alt.',
  forgot: {
    link: 'Passwort vergessen?',
    title: 'Passwort vergessen?',
    text: 'Nenne die Adresse deines Kontos; dorthin geht ein Link für ein neues Passwort.',
    send: 'Link senden',
    sent: 'Falls die Adresse ein Konto hat, ist der Link unterwegs. Er gilt eine halbe Stunde.',
    back: 'Zurück zur Anmeldung',
  },
  reset: {
    title: 'Neues Passwort setzen',
    text: 'Es meldet dich überall ab.',
    set: 'Passwort setzen',
    done: 'Dein Passwort ist gesetzt. Melde dich damit an.',
    again: 'Neuen Link anfordern',
  },
  confirm: {
    title: 'E-Mail-Adresse bestätigen',
    text: 'Ein Klick, und Nachrichten zu deinem Konto kommen an diese Adresse.',
    go: 'Adresse bestätigen',
    done: '{{email}} ist bestätigt.',
    onward: 'Zu deinen Projekten',
  },
  proof: {
    title: 'Bist das noch du?',
    text: 'Zeige vor dieser Änderung noch einmal, wer du bist.',
    go: 'Weiter',
  },
  again: {
    title: 'Neu anmelden',
    text:
      'Deine Sitzung ist beendet. Nichts Gezeichnetes ist verloren: Melde dich an, dann wird es ' +
      'gespeichert.',
    leave: 'Seite verlassen',
  },
};
