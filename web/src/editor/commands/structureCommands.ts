/** Skeletons, cuboids, attributes and tags. */
import type { Command } from './command';

export const kStructureCommands: readonly Command[] = [];
