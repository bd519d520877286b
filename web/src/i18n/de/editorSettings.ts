import type { editorSettings as en } from '../en/editorSettings';
import type { Translation } from '../translation';

export const editorSettings: Translation<typeof en> = {
  objectList: 'Objektliste',
  painting: 'Masken',
  brush: 'Pinsel und Radierer',
  wand: 'Zauberstab',
  superpixels: 'Superpixel',
  outline: 'Umrisse aus Masken',
  models: 'Modelle unter der Hand',
  reset: 'Auf Vorgaben zurücksetzen',
  resetDone: 'Der Editor ist wieder wie am Anfang',
};
