import type { transfer as en } from '../en/transfer';
import type { Translation } from '../translation';

export const transfer: Translation<typeof en> = {
  close: 'Schließen',
  format: 'Format',
  itFailed: 'Das ist fehlgeschlagen.',
  export: {
    title: 'Annotationen exportieren',
    titleSome_one: 'Annotationen von {{count}} Bild exportieren',
    titleSome_other: 'Annotationen von {{count}} Bildern exportieren',
    about:
      'Angenommene und von Hand gezeichnete Objekte des Projekts. Offene Vorschläge sind nicht dabei.',
    coco: 'COCO (JSON)',
    cocoNote:
      'Rechtecke, Polygone, Masken und Schlüsselpunkte mit ihren Konfidenzen. Nichts geht verloren.',
    yolo: 'YOLO-Erkennung (Textdateien)',
    yoloNote: 'Je Bild eine Textdatei mit Rechtecken. Umrisse, Attribute und Konfidenzen fehlen.',
    yoloSeg: 'YOLO-Segmentierung (Textdateien)',
    yoloSegNote: 'Je Bild eine Textdatei mit Umrissen. Löcher, Attribute und Konfidenzen fehlen.',
    images: 'Bilder mitnehmen',
    imagesHint: 'Der Download wird ein Zip mit aufrechten Bildern und Annotationen.',
    preparing: 'Wird vorbereitet',
    again: 'Erneut herunterladen',
    download: 'Herunterladen',
    job: 'Export',
    started: 'Der Download hat begonnen.',
    cancelled: 'Der Export wurde abgebrochen.',
    failed: 'Der Export wurde nicht fertig',
  },
  import: {
    title: 'Annotationen importieren',
    about:
      'Bilder kommen aus einem Zip oder werden am Dateinamen erkannt. Was schon da ist, bleibt.',
    coco: 'COCO (.json oder ein Zip mit Bildern)',
    yolo: 'YOLO-Erkennung (ein Zip mit oder ohne Bilder)',
    yoloSeg: 'YOLO-Segmentierung (ein Zip mit oder ohne Bilder)',
    chooseFirst: 'Zuerst eine Datei wählen.',
    done: 'Fertig',
    start: 'Importieren',
    file: 'Datei',
    upload: 'Hochladen',
    uploading: 'Wird hochgeladen',
    job: 'Import',
    imported_one: '{{number}} Objekt importiert',
    imported_other: '{{number}} Objekte importiert',
    skipped_one: '{{number}} Eintrag übersprungen.',
    skipped_other: '{{number}} Einträge übersprungen.',
    problems: 'Probleme',
    failed: 'Der Import wurde nicht fertig',
  },
};
