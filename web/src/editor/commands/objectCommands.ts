/** Groups, relations, locks, copies over images, filters. */
import type { Command } from './command';

export const kObjectCommands: readonly Command[] = [];
