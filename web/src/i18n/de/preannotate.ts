import type { preannotate as en } from '../en/preannotate';
import type { Translation } from '../translation';

export const preannotate: Translation<typeof en> = {
  title: 'Vorannotieren',
  about:
    'Ein Modell sieht sich jedes Bild an und hinterlässt Vorschläge, die du annimmst ' +
    'oder ablehnst. Was Menschen gemacht haben, bleibt unberührt.',
  run: 'Vorannotation',
  start: 'Starten',
  cancel: 'Abbrechen',
  dismiss: 'Schließen',
  done: 'Die Vorannotation ist fertig',
  doneHint: 'Öffne ein Bild, um sie zu prüfen.',
  notCancelled: 'Der Auftrag konnte nicht abgebrochen werden',
  notStarted: 'Es wurde nicht gestartet',
  modelsNotLoaded: 'Die Modelle konnten nicht geladen werden',
  noDetector: 'Kein Detektor ist installiert',
  bringModels: 'Wer den Server betreibt, holt die üblichen mit:',
  detector: 'Detektor',
  detectorHint: 'Findet Objekte und zeichnet Rechtecke.',
  segmenter: 'Segmentierer',
  segmenterHint: 'Macht aus jedem Rechteck einen genauen Umriss. Langsamer.',
  boxesOnly: 'Keiner, nur Rechtecke',
  lowestScore: 'Niedrigste Konfidenz',
  lowestScoreHint: 'Niedriger findet mehr, auch mehr Falsches.',
  acceptAtOnce: 'Sichere Vorschläge sofort annehmen',
  acceptAtOnceHint: 'Überspringt deine Prüfung ab einer bestimmten Konfidenz.',
  acceptFrom: 'Annehmen ab',
  pairs: 'Dein Label und die Klasse des Modells, die es füllt',
  classFor: 'Klasse für {{label}}',
  notSuggested: 'Nicht vorgeschlagen',
  noPair: 'Kein Label hat eine Klasse',
  noPairHint:
    'Ordne einem Label eine der Klassen zu, die dieses Modell kennt, oder nenne ein ' +
    'Label so wie eine, zum Beispiel „dog“ oder „person“.',
  doubled: 'Zwei Labels haben die Klasse {{classes}}. Behalte eines davon.',
};
