import type { editor as en } from '../en/editor';
import type { Translation } from '../translation';

export const editor: Translation<typeof en> = {
  rescue: { kept: 'Das Gezeichnete bleibt als „{{label}}“ erhalten.' },
  notFetched: 'Dieser Teil war nicht zu laden',
  notFetchedHint:
    'Er kommt vom Server. Nichts Gezeichnetes geht verloren; noch einmal versuchen, sobald das Netz wieder da ist.',
  tabs: {
    title: 'Bereiche',
    objects: 'Objekte',
    image: 'Bild',
    comments: 'Kommentare',
    history: 'Verlauf',
    earlier: ', zeigt einen früheren Stand',
  },
  bar: {
    back: 'Zurück zu {{project}}',
    fit: 'Bild einpassen',
    help: 'Tastenübersicht',
    export: 'Exportieren',
    previous: 'Voriges Bild',
    next: 'Nächstes Bild',
    undo: 'Rückgängig',
    undoOf: 'Rückgängig: {{step}}',
    redo: 'Wiederholen',
    redoOf: 'Wiederholen: {{step}}',
    light: 'Helles Design verwenden',
    dark: 'Dunkles Design verwenden',
  },
  status: {
    selected: '{{selected}} von {{all}} ausgewählt',
    zoomIn: 'Vergrößern',
    zoomOut: 'Verkleinern',
    actual: 'Zoom auf 100 % ({{key}})',
  },
};
