/**
 * Which keys run which command: a person's own before the preset's, the preset's before our
 * defaults. A default yields to whoever claims its key on purpose; two claims on one key are a
 * conflict, and the command that stands first in the table gets the press.
 */
import type { Command, Scope } from '../commands/command';
import { kPresets, presetIds, type Bindings, type PresetId } from './presets';

export interface KeyChoice {
  preset: PresetId;
  /** By the id of the command; an empty list takes its keys away. */
  own: Bindings;
  /** Off: a letter, digit or sign alone does nothing (WCAG 2.1.4). */
  single: boolean;
}

export const kDefaultChoice: KeyChoice = { preset: 'annotateai', own: {}, single: true };

/** What is stored of a choice is taken as far as it can be understood. */
export function readChoice(stored: unknown): KeyChoice {
  if (stored === null || typeof stored !== 'object') return kDefaultChoice;
  const { preset, own, single } = stored as Record<string, unknown>;
  return {
    preset: presetIds.find((id) => id === preset) ?? 'annotateai',
    own: own !== null && typeof own === 'object' ? readBindings(own) : {},
    single: single !== false,
  };
}

function readBindings(stored: object): Bindings {
  const known = Object.entries(stored).filter(
    ([, keys]) => Array.isArray(keys) && keys.every((key) => typeof key === 'string'),
  );
  return Object.fromEntries(known) as Bindings;
}

/** One spelling for one press: `Shift+$mod+Z` and `$mod+Shift+z` are the same. */
export function normalKey(key: string): string {
  const parts = key === '+' ? ['+'] : key.split(/\+(?!$)/);
  const main = parts.pop()!;
  const letter = /^Key([A-Z])$/.exec(main)?.[1];
  const held = parts.map((part) => part.toLowerCase()).sort();
  const name = letter ?? main.replace(/^Digit(?=\d$)/, '');
  return [...held, name.toLowerCase()].join('+');
}

export function scopeOf(command: Command): Scope {
  return command.scope ?? 'editor';
}

function slot(command: Command, key: string): string {
  return `${scopeOf(command)} ${normalKey(key)}`;
}

function chosenKeys({ id }: Command, choice: KeyChoice): readonly string[] | undefined {
  return choice.own[id] ?? kPresets[choice.preset][id];
}

export function bind(
  commands: readonly Command[],
  choice: KeyChoice,
): ReadonlyMap<string, readonly string[]> {
  const own = new Map<string, string>();
  const claimed = new Map<string, string>();
  for (const command of commands) {
    for (const key of choice.own[command.id] ?? []) own.set(slot(command, key), command.id);
    for (const key of chosenKeys(command, choice) ?? []) {
      claimed.set(slot(command, key), command.id);
    }
  }
  return new Map(
    commands.map((command) => {
      if (choice.own[command.id]) return [command.id, choice.own[command.id]!];
      const fromPreset = kPresets[choice.preset][command.id];
      const rivals = fromPreset ? own : claimed;
      const keys = (fromPreset ?? command.keys).filter((key) => {
        const owner = rivals.get(slot(command, key));
        return owner === undefined || owner === command.id;
      });
      return [command.id, keys];
    }),
  );
}

export interface Conflict {
  key: string;
  /** Two or more ids, in the order in which they hear the key. */
  commands: readonly string[];
}

/** Presses that more than one command of a scope asks for. */
export function conflictsOf(
  commands: readonly Command[],
  bound: ReadonlyMap<string, readonly string[]>,
): Conflict[] {
  const owners = new Map<string, { key: string; commands: string[] }>();
  for (const command of commands) {
    for (const key of bound.get(command.id) ?? []) {
      const name = slot(command, key);
      const known = owners.get(name) ?? { key, commands: [] };
      if (!known.commands.includes(command.id)) known.commands.push(command.id);
      owners.set(name, known);
    }
  }
  return [...owners.values()].filter((owner) => owner.commands.length > 1);
}

/** The browser keeps these, or a person would lose a tab or the page. */
export function belongsToBrowser(key: string): boolean {
  return /^\$mod\+(n|t|w|r|l|q)$/.test(normalKey(key).replace('control', '$mod'));
}

/** A letter, digit or sign without Control, Alt or Meta. */
export function isSingle(key: string): boolean {
  const text = normalKey(key);
  const main = text.endsWith('+') ? '+' : text.split('+').at(-1)!;
  const held = text.slice(0, -main.length).split('+');
  return main.length === 1 && held.every((part) => part === '' || part === 'shift');
}
