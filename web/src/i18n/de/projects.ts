import type { projects as en } from '../en/projects';
import type { Translation } from '../translation';

export const projects: Translation<typeof en> = {
  title: 'Projekte',
  about: 'Ein Projekt enthält seine Bilder, seine Labels und alles, was darauf gezeichnet ist.',
  one: 'Projekt',
  oneFailed: 'Das Projekt konnte nicht geladen werden',
  search: 'Projekte suchen',
  searchHint: 'Nach Name oder Label suchen',
  typeFilter: 'Art des Projekts',
  allTypes: 'Alle Arten',
  loading: 'Projekte werden geladen',
  failed: 'Die Projekte konnten nicht geladen werden',
  none: 'Noch keine Projekte',
  noneHint:
    'Ein Projekt besteht aus einem Ordner mit Bildern und einer Liste von Labels. ' +
    'Die Modelle, die zu AnnotateAI gehören, können erste Vorschläge zeichnen. Oder ' +
    'zuerst eine Demo ansehen: drei Fotos mit Rechtecken und Umrissen.',
  noMatch: 'Nichts passt',
  noMatchHint: 'Kein Projekt passt zu dieser Suche.',
  showMore: 'Mehr anzeigen',
  new: 'Neues Projekt',
  noLabels: 'Keine Labels',
  toReview: '{{number}} zu prüfen',
  labelledShare: '{{done}} von {{number}} Bildern annotiert',
  openDemo: 'Demo-Projekt öffnen',
  demoFailed: 'Die Demo konnte nicht geöffnet werden',
  cancel: 'Abbrechen',
  import: 'Importieren',
  annotate: 'Annotieren',
  parts: 'Teile des Projekts',
  moreActions: 'Weitere Aktionen',
  rename: {
    title: 'Projekt umbenennen',
    name: 'Name',
    needed: 'Das Projekt braucht einen Namen.',
    save: 'Umbenennen',
  },
  delete: {
    title: 'Dieses Projekt löschen?',
    about:
      '{{images}} und {{objects}} werden mit gelöscht. Das lässt sich nicht rückgängig machen.',
    keep: 'Behalten',
    confirm: 'Projekt löschen',
    type: 'Zur Bestätigung „{{name}}“ eingeben',
    done: '{{name}} wurde gelöscht',
  },
  labels: {
    tab: 'Labels',
    saved: 'Labels gespeichert',
    conflict:
      'Jemand anderes hat die Labels geändert. Die eigenen Änderungen verwerfen, um sie zu sehen.',
    removing: 'Entfernt werden: {{names}}',
    removingHint:
      'Ein Label, das noch verwendet wird, wird nicht entfernt: Zuerst die Objekte ' +
      'löschen oder ihnen ein anderes Label geben.',
    failed: 'Die Labels wurden nicht gespeichert',
    unsaved: 'Noch nicht gespeichert',
    allSaved: 'Alles gespeichert',
    discard: 'Verwerfen',
    save: 'Labels speichern',
  },
  types: {
    detection: {
      label: 'Objekterkennung',
      help: 'Rechtecke um Objekte. Die KI schlägt Rechtecke und Masken vor.',
    },
    segmentation: {
      label: 'Segmentierung',
      help: 'Genaue Umrisse: Polygone und Masken, mit KI ein Klick.',
    },
    classification: {
      label: 'Klassifikation',
      help: 'Ein oder mehrere Tags für das Bild als Ganzes.',
    },
    keypoints: {
      label: 'Schlüsselpunkte',
      help: 'Benannte Punkte und Skelette, etwa Körpergelenke.',
    },
    tracking: {
      label: 'Verfolgung',
      help: 'Dasselbe Objekt über die Bilder eines Videos hinweg.',
    },
    pointcloud: {
      label: 'Punktwolke',
      help: 'Quader in Lidar-Aufnahmen.',
    },
  },
};
