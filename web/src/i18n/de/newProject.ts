import type { newProject as en } from '../en/newProject';
import type { Translation } from '../translation';

export const newProject: Translation<typeof en> = {
  title: 'Neues Projekt',
  description: 'Name und Labels lassen sich jederzeit ändern.',
  back: 'Projekte',
  name: 'Name',
  noName: 'Das Projekt braucht einen Namen.',
  placeholder: 'Straßenszenen, Frühling',
  type: 'Art',
  failed: 'Das Projekt wurde nicht angelegt',
  noLabels: 'Ohne eigene Labels beginnt das Projekt mit einem, „Object“.',
  cancel: 'Abbrechen',
  create: 'Projekt anlegen',
  templates: {
    title: 'Beginnen mit',
    empty: { title: 'Leer', help: 'Noch keine Labels' },
    vehicles: { title: 'Fahrzeuge', help: 'Rechtecke: verdeckt, angeschnitten' },
    people: { title: 'Menschen, Haltung', help: 'Skelette von Körper und Hand' },
    instances: { title: 'Instanzen', help: 'Eine Maske je Objekt' },
    text: { title: 'Textzeilen', help: 'Umrisse mit ihrem Wortlaut' },
    classification: { title: 'Bildklassen', help: 'Tags für das ganze Bild' },
    faces: { title: 'Gesichtspunkte', help: 'Fünf Punkte und die Ansicht' },
    lesions: { title: 'Läsionen', help: 'Masken mit Befund' },
    shelf: { title: 'Warenregal', help: 'Produkte, Preise, Lücken' },
    buildings: { title: 'Satellitenbild', help: 'Gebäude, Straßen, Wasser' },
  },
};
