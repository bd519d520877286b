import type { structure as en } from '../en/structure';
import type { Translation } from '../translation';

export const structure: Translation<typeof en> = {
  skeleton: {
    title: 'Skelett',
    hint: 'Vorlage durch Ziehen platzieren oder Punkte einzeln anklicken',
    use: 'Rechteck für die ganze Vorlage ziehen oder Punkte der Reihe nach anklicken. S überspringt einen, Alt: verdeckt, Enter lässt den Rest weg',
  },
  cuboid: {
    title: 'Quader',
    hint: 'Erst die Vorderseite, dann die Tiefe',
    use: 'Vorderseite ziehen, dann anklicken, wohin die Rückseite kommt. Umschalt behält ihre Größe',
  },
  next: 'Als Nächstes: {{name}}',
  step: '{{name}} · {{number}} von {{count}}',
  visibility: { '0': 'nicht im Bild', '1': 'verdeckt', '2': 'sichtbar' },
  grip: {
    handle: 'Griff {{number}} gefasst; Pfeiltasten bewegen ihn',
    joint: '{{name}}, {{visibility}}',
  },
  steps: {
    attribute: '{{name}} setzen',
    reshape: 'Form ändern',
    visibility: 'Sichtbarkeit ändern',
    mirror: 'Skelett spiegeln',
    swap: 'Links und rechts tauschen',
  },
  attributes: {
    required: 'Pflicht',
    missing: 'Pflicht, nicht gesetzt',
    mixed: 'verschieden',
    notSet: 'Nicht gesetzt',
    unset: 'Leeren',
    faults: {
      number: 'Das ist keine Zahl.',
      low: 'Mindestens {{min}}.',
      high: 'Höchstens {{max}}.',
      long: 'Länger als {{max}} Bytes.',
    },
  },
  joints: {
    title: 'Gelenke: {{seen}} von {{count}} markiert',
    mirror: 'Spiegeln',
    swap: 'Seiten tauschen',
    x: 'X von {{name}}',
    y: 'Y von {{name}}',
    visibility: 'Sichtbarkeit von {{name}}',
    gone: '{{name}} (nicht mehr im Label)',
  },
  commands: {
    skeleton: 'Skelett',
    cuboid: 'Quader in Perspektive',
    skip: 'Diesen Punkt des Skeletts überspringen',
    mirror: 'Skelett spiegeln; links bleibt links am Körper',
    swap: 'Linke und rechte Gelenke des Skeletts tauschen',
    gripNext: 'Nächster Griff des gefassten Objekts',
    gripPrevious: 'Voriger Griff des gefassten Objekts',
    gripLeave: 'Griff loslassen',
    gripMove: 'Griff um 1 Pixel bewegen, mit Umschalt um 10',
    visibility: 'Sichtbar, verdeckt oder nicht im Bild: das gefasste Gelenk',
  },
};
