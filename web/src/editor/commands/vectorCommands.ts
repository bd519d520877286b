/** Boxes, polygons, lines, points, ellipses: drawing and editing them. */
import type { Command } from './command';

export const kVectorCommands: readonly Command[] = [];
