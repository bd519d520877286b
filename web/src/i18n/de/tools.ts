import type { tools as en } from '../en/tools';
import type { Translation } from '../translation';

export const tools: Translation<typeof en> = {
  rail: 'Werkzeuge',
  select: { title: 'Auswahl', hint: 'Verschieben, Größe ändern, Ecken bearbeiten' },
  box: { title: 'Rechteck', hint: 'Ziehen oder zwei Ecken anklicken' },
  polygon: { title: 'Polygon', hint: 'Ecken anklicken, Enter schließt' },
  segment: { title: 'KI-Klick', hint: 'Objekt anklicken, Umriss erhalten' },
  comment: { title: 'Kommentar', hint: 'Stelle anklicken und etwas dazu sagen' },
};
