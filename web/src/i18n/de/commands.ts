import type { commands as en } from '../en/commands';
import type { Translation } from '../translation';

export const commands: Translation<typeof en> = {
  edit: {
    undo: 'Rückgängig',
    redo: 'Wiederholen',
    delete: 'Auswahl löschen; beim Zeichnen den letzten Punkt',
    copy: 'Kopieren',
    paste: 'Einfügen',
    duplicate: 'Duplizieren',
    all: 'Alles auswählen',
    next: 'Nächstes Objekt',
    previous: 'Voriges Objekt',
    front: 'Ganz nach vorn',
    back: 'Ganz nach hinten',
    nudge: {
      ArrowLeft: 'Um 1 Pixel nach links, mit Umschalt um 10',
      ArrowRight: 'Um 1 Pixel nach rechts, mit Umschalt um 10',
      ArrowUp: 'Um 1 Pixel nach oben, mit Umschalt um 10',
      ArrowDown: 'Um 1 Pixel nach unten, mit Umschalt um 10',
    },
  },
  comment: {
    place: 'Auswahl oder Stelle kommentieren',
  },
  tool: {
    complete: 'Gezeichnetes abschließen oder annehmen',
    cancel: 'Abbrechen, dann Werkzeug verlassen',
    select: 'Auswählen und verschieben',
    box: 'Rechteck',
    polygon: 'Polygon',
    segment: 'KI-Klick',
  },
  ai: {
    accept: 'Vorschlag annehmen',
    reject: 'Vorschlag ablehnen',
    leave: 'Vorschlag verlassen',
  },
  view: {
    fit: 'Bild einpassen',
    actual: 'Zoom auf 100 %',
    selection: 'Auf die Auswahl zoomen',
    in: 'Vergrößern',
    out: 'Verkleinern',
    hide: 'Auswahl aus- oder einblenden',
    hideAll: 'Alles aus- oder einblenden',
  },
  page: {
    next: 'Nächstes Bild',
    previous: 'Voriges Bild',
    save: 'Jetzt speichern (geschieht von selbst)',
    export: 'Exportieren',
    help: 'Tastenübersicht',
  },
  label: 'Label {{number}}',
  objects_one: '{{count}} Objekt',
  objects_other: '{{count}} Objekte',
  groups: {
    tools: 'Werkzeuge',
    drawing: 'Zeichnen',
    ai: 'KI',
    edit: 'Bearbeiten',
    view: 'Ansicht',
    images: 'Bilder',
    labels: 'Labels',
  },
};
