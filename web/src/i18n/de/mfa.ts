import type { mfa as en } from '../en/mfa';
import type { Translation } from '../translation';

export const mfa: Translation<typeof en> = {
  on: 'An',
  remove: 'Entfernen',
  onward: 'Weiter',
  copied: 'Kopiert',
  failed: 'Das hat nicht geklappt',
  loadFailed: 'Deine zweiten Faktoren konnten nicht geladen werden',
  isOff: 'Die Anmeldung in zwei Schritten ist aus',
  required: 'Deine Organisation verlangt einen zweiten Faktor. Richte einen davon ein.',
  confirmText: 'Bestätige zuerst, dass du es bist.',
  code: 'Code aus deiner Authenticator-App',
  codeHint: 'Sechs Ziffern. Jeder Code gilt einmal.',
  recoveryCode: 'Wiederherstellungscode',
  recoveryHint: 'Einer von denen, die du aufbewahrt hast. Jeder gilt einmal.',
  turnOff: 'Anmeldung in zwei Schritten ausschalten',
  turnOffText:
    'Authenticator-App, Passkeys und Wiederherstellungscodes werden entfernt, und dein Passwort ' +
    'allein meldet dich wieder an.',
  turnOffRequired:
    'Deine Organisation verlangt einen zweiten Faktor: Ohne einen steht dir nur dein eigenes Konto ' +
    'offen.',
  step: {
    title: 'Zweiter Schritt',
    text: 'Zeige mit deinem zweiten Faktor, dass du es bist.',
    go: 'Anmelden',
    passkey: 'Passkey verwenden',
    useRecovery: 'Stattdessen einen Wiederherstellungscode verwenden',
    useApp: 'Stattdessen die Authenticator-App verwenden',
    back: 'Zurück zur Anmeldung',
  },
  totp: {
    title: 'Authenticator-App',
    text: 'Eine App auf deinem Telefon zeigt alle 30 Sekunden einen neuen Code.',
    since: 'Eingerichtet {{ago}}',
    setUp: 'Einrichten',
    setUpTitle: 'Authenticator-App einrichten',
    setUpText:
      'Scanne das Bild mit der App oder tippe den Schlüssel ab, dann gib den Code ein, den sie zeigt.',
    qr: 'QR-Code für deine Authenticator-App',
    key: 'Schlüssel',
    keyHint: 'Für Apps, die nicht scannen können. Er wird nicht noch einmal gezeigt.',
    copy: 'Schlüssel kopieren',
    confirm: 'Einschalten',
    isOn: 'Die Authenticator-App ist eingerichtet',
    removeTitle: 'Authenticator-App entfernen?',
    removeText: 'Ihre Codes werden nicht mehr angenommen.',
    removed: 'Die Authenticator-App ist entfernt',
  },
  passkeys: {
    title: 'Passkeys',
    text: 'Melde dich mit Fingerabdruck, Gesicht oder Sicherheitsschlüssel an, mit oder ohne Passwort.',
    add: 'Passkey hinzufügen',
    addText: 'Bestätige, dass du es bist; dann fragt dein Browser nach dem Passkey.',
    isAdded: 'Der Passkey ist hinzugefügt',
    added: 'Hinzugefügt {{ago}}',
    used: 'zuletzt verwendet {{ago}}',
    unused: 'nie verwendet',
    name: 'Name des Passkeys',
    save: 'Speichern',
    rename: '{{name}} umbenennen',
    remove: '{{name}} entfernen',
    removeTitle: '{{name}} entfernen?',
    removeText: 'Er meldet dich nicht mehr an.',
    removed: 'Der Passkey ist entfernt',
    cancelled: 'Der Passkey wurde nicht bestätigt. Versuche es noch einmal.',
    known: 'Dieser Passkey ist schon hinterlegt.',
    wrongSite: 'Passkeys gehen nur unter der Adresse, auf die der Server eingestellt ist.',
    noneHere:
      'Dieser Browser kann hier keine Passkeys verwenden. Du brauchst HTTPS oder http://localhost.',
    needDomain:
      'Passkeys brauchen einen Domainnamen mit HTTPS oder http://localhost. Wer den Server ' +
      'betreibt, setzt PUBLIC_URL.',
  },
  codes: {
    title: 'Wiederherstellungscodes',
    left_one: '{{count}} ist übrig. Jeder meldet dich einmal an, wenn du alles andere verloren hast.',
    left_other:
      '{{count}} sind übrig. Jeder meldet dich einmal an, wenn du alles andere verloren hast.',
    renew: 'Neue Codes erzeugen',
    renewText: 'Die bisherigen gelten dann nicht mehr.',
    renewed: 'Neue Wiederherstellungscodes sind erzeugt',
    shownTitle: 'Bewahre deine Wiederherstellungscodes auf',
    shownText:
      'Wenn du Telefon oder Passkeys verlierst, meldet dich jeder davon einmal an. Sie werden nicht ' +
      'noch einmal gezeigt.',
    copy: 'Kopieren',
    download: 'Herunterladen',
    kept: 'Ich habe sie sicher aufbewahrt',
    done: 'Fertig',
  },
  enrol: {
    title: 'Zweiten Faktor einrichten',
    text: '{{organization}} verlangt mehr als ein Passwort. Richte einen davon ein, um weiterzumachen.',
    onward: 'Zu deinen Projekten',
    prove: 'Meinen zweiten Faktor zeigen',
    leave: 'Abmelden',
  },
};
