/** Models at work under the hand. */
import type { Command } from './command';

export const kAiCommands: readonly Command[] = [];
