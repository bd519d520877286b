import type { Command } from './command';
import { kEditCommands } from './editCommands';
import { kLabelCommands } from './labelCommands';
import { kToolCommands } from './toolCommands';
import { kViewCommands } from './viewCommands';

export const kCommands: readonly Command[] = [
  ...kToolCommands,
  ...kEditCommands,
  ...kLabelCommands,
  ...kViewCommands,
];

/** @throws RangeError for an id that no command has. */
export function commandById(id: string): Command {
  const command = kCommands.find((candidate) => candidate.id === id);
  if (!command) throw new RangeError(`no command "${id}"`);
  return command;
}
