/** How the picture and the shapes on it are shown. */
import type { Command } from './command';

export const kCanvasCommands: readonly Command[] = [];
