import type { settings as en } from '../en/settings';
import type { Translation } from '../translation';

export const settings: Translation<typeof en> = {
  title: 'Einstellungen',
  parts: 'Teile der Einstellungen',
  limited: 'Eingeschränkter Betrieb: Diese Seite wurde ohne HTTPS geöffnet',
  limitedText:
    'Manche Funktionen des Browsers, etwa die Zwischenablage und schnelles Dekodieren von ' +
    'Videos, gibt es nur für Seiten, die über HTTPS oder auf diesem Rechner selbst geöffnet ' +
    'wurden.',
  appearance: {
    title: 'Erscheinungsbild',
    theme: 'Design',
    themeHint: 'Die Farben der Labels bleiben in allen gleich.',
    themes: { system: 'System', dark: 'Dunkel', light: 'Hell', contrast: 'Hoher Kontrast' },
    glass: 'Glasflächen',
    glassHint: 'Ausschalten, wenn sich Bilder nur zäh bewegen lassen.',
    calm: 'Weniger Bewegung',
    calmHint: 'Auch wenn das System es nicht verlangt.',
    compact: 'Kompakte Ansicht',
    compactHint: 'Weniger Abstände, kleinere Schrift.',
  },
  language: {
    title: 'Sprache',
    label: 'Sprache der Seiten',
    hint: 'Die Seite wird dabei neu geladen.',
  },
  editor: {
    title: 'Bildeditor',
    text: 'Was sich der Editor von Bild zu Bild merkt. Es folgt dir auf andere Geräte.',
  },
  keys: {
    title: 'Tastatur',
    text: 'Jeder Befehl des Bildeditors hat eine Taste. Im Editor zeigt ? sie alle.',
    show: 'Tasten ändern',
  },
  notifications: {
    title: 'Benachrichtigungen',
    text: 'Was die Glocke meldet.',
    mentions: 'Jemand erwähnt dich in einem Kommentar',
    finished: 'Arbeit, die du gestartet hast, ist fertig',
    failed: 'Arbeit, die du gestartet hast, ist gescheitert',
  },
  profile: {
    title: 'Profil',
    failed: 'Dein Profil konnte nicht geladen werden',
    name: 'Name',
    email: 'E-Mail',
    emailHint: 'Damit meldest du dich an.',
    organization: 'Organisation',
    role: 'Rolle',
    saved: 'Dein Name ist geändert',
  },
  password: {
    title: 'Passwort',
    text: 'Ein neues Passwort meldet dich überall sonst ab.',
    current: 'Aktuelles Passwort',
    fresh: 'Neues Passwort',
    change: 'Passwort ändern',
    changed: 'Das Passwort ist geändert',
    changedText: 'Andere Browser und Programme müssen sich neu anmelden.',
  },
  sessions: {
    title: 'Wo du angemeldet bist',
    failed: 'Deine Anmeldungen konnten nicht geladen werden',
    here: 'Dieser Browser',
    signOutAll: 'Überall sonst abmelden',
    end: 'Abmelden',
    endOf: '{{device}} abmelden',
    endFailed: 'Dort bist du noch angemeldet',
    used: 'Benutzt {{ago}}, von {{address}}, in {{organization}}',
    device: '{{browser}} auf {{system}}',
    unknown: 'Ein Programm',
  },
  organization: {
    title: 'Organisationen',
    text: 'Du arbeitest in jeweils einer. Jede hat eigene Projekte, Modelle und Personen.',
    current: 'Hier bist du',
    open: 'Dorthin wechseln',
    newText: 'Sie gehört dir. Am Anfang hat sie keine Projekte und nur dich.',
    name: 'Name der Organisation',
    create: 'Anlegen',
    failed: 'Deine Organisationen konnten nicht geladen werden',
  },
};
