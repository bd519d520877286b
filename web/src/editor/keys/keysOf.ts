/** The keys as this person has chosen them, for tooltips, help and the keyboard itself. */
import { preferences } from '../../net/preferences';
import { kCommands } from '../commands/all';
import { Keymap, readableKey } from '../keymap';
import { bind, isSingle, readChoice, type KeyChoice } from './bindings';

const kPreference = 'keys';

interface Present {
  choice: KeyChoice;
  bound: ReadonlyMap<string, readonly string[]>;
  keymap: Keymap;
}

let present: Present | null = null;
preferences.subscribe(() => (present = null));

function now(): Present {
  if (present) return present;
  const choice = readChoice(preferences.get<unknown>(kPreference, null));
  const bound = bind(kCommands, choice);
  const heard = (id: string) =>
    (bound.get(id) ?? []).filter((key) => choice.single || !isSingle(key));
  present = { choice, bound, keymap: new Keymap(kCommands, ({ id }) => heard(id)) };
  return present;
}

export function keyChoice(): KeyChoice {
  return now().choice;
}

export function chooseKeys(change: Partial<KeyChoice>): void {
  preferences.set(kPreference, { ...keyChoice(), ...change });
}

/** Gives a command other keys; null gives it back those of the preset. */
export function remap(id: string, keys: readonly string[] | null): void {
  const { [id]: _before, ...rest } = keyChoice().own;
  chooseKeys({ own: keys ? { ...rest, [id]: keys } : rest });
}

/** In tinykeys' notation. */
export function keysOf(id: string): readonly string[] {
  return now().bound.get(id) ?? [];
}

/** The first key as a person reads it; undefined for a command without one. */
export function keyText(id: string): string | undefined {
  const [first] = keysOf(id);
  return first === undefined ? undefined : readableKey(first);
}

export function boundKeys(): ReadonlyMap<string, readonly string[]> {
  return now().bound;
}

/** Made anew when the choice changes; ask for it with every press. */
export function currentKeymap(): Keymap {
  return now().keymap;
}
