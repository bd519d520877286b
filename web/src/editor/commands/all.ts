import { kAiCommands } from './aiCommands';
import { kCanvasCommands } from './canvasCommands';
import type { Command } from './command';
import { kEditCommands } from './editCommands';
import { kLabelCommands } from './labelCommands';
import { kMaskCommands } from './maskCommands';
import { kObjectCommands } from './objectCommands';
import { kStructureCommands } from './structureCommands';
import { kToolCommands } from './toolCommands';
import { kVectorCommands } from './vectorCommands';
import { kViewCommands } from './viewCommands';

export const kCommands: readonly Command[] = [
  ...kToolCommands,
  ...kVectorCommands,
  ...kMaskCommands,
  ...kStructureCommands,
  ...kEditCommands,
  ...kObjectCommands,
  ...kLabelCommands,
  ...kAiCommands,
  ...kViewCommands,
  ...kCanvasCommands,
];

/** @throws RangeError for an id that no command has. */
export function commandById(id: string): Command {
  const command = kCommands.find((candidate) => candidate.id === id);
  if (!command) throw new RangeError(`no command "${id}"`);
  return command;
}
