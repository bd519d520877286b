import { ai } from './ai';
import { canvas } from './canvas';
import { commands } from './commands';
import { editor } from './editor';
import { masks } from './masks';
import { objects } from './objects';
import { structure } from './structure';
import { tools } from './tools';

/** What the image editor says. */
export const editorPage = {
  editor,
  commands,
  tools,
  masks,
  structure,
  objects,
  ai,
  canvas,
};
