import type { masks as en } from '../en/masks';
import type { Translation } from '../translation';

export const masks: Translation<typeof en> = {
  tools: {
    brush: { title: 'Pinsel', hint: 'Maske malen; Alt radiert' },
    eraser: { title: 'Radierer', hint: 'Pixel aus einer Maske nehmen; Alt malt' },
  },
  commands: {
    brush: 'Pinsel',
    eraser: 'Radierer',
    larger: 'Pinsel größer, auch Alt und Mausrad',
    smaller: 'Pinsel kleiner, auch Alt und Mausrad',
    toMask: 'In eine Maske umwandeln',
    toPolygon: 'In ein Polygon umwandeln',
    toBox: 'In ein Rechteck umwandeln',
    grow: 'Maske um ein Pixel wachsen lassen',
    shrink: 'Maske um ein Pixel schrumpfen lassen',
    fillHoles: 'Alle Löcher der Maske füllen',
  },
  steps: {
    paint: 'Maske malen',
    erase: 'Aus der Maske radieren',
    toMask: 'In Maske umwandeln',
    toPolygon: 'In Polygon umwandeln',
    toBox: 'In Rechteck umwandeln',
    grow: 'Maske wachsen lassen',
    shrink: 'Maske schrumpfen lassen',
    fill: 'Maske füllen',
  },
  notices: {
    no_mask_to_erase: {
      title: 'Hier ist keine Maske zum Radieren',
      text: 'Wähle eine Maske aus, oder beginne auf einer.',
    },
    object_guarded: {
      title: 'Dieses Objekt ist gesperrt',
      text: 'Entsperre es, um es zu ändern.',
    },
    not_enclosed: {
      title: 'Hier umschließt die Maske nichts',
      text: 'Füllen schließt Löcher: klicke in eines. Alt nimmt eine Insel weg.',
    },
    vision_failed: {
      title: 'Dieses Werkzeug konnte das Bild nicht lesen',
      text: 'Lade die Seite neu; alles Gezeichnete ist gespeichert.',
    },
  },
  finished: 'Der nächste Strich beginnt eine neue Maske',
  options: {
    title: 'Einstellungen zum Malen',
    size: 'Größe',
    sizeValue: '{{size}} px',
    form: 'Spitze',
    round: 'Rund',
    square: 'Eckig',
    polygon: 'Polygon',
    pressure: 'Stiftdruck',
    continues: 'Setzt {{label}} fort',
    begins: 'Neue Maske',
    finish: 'Neue Maske beginnen',
  },
};
