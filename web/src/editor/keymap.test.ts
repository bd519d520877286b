import { describe, expect, it } from 'vitest';
import { kCommands } from './commands/all';
import { Keymap, readableKey } from './keymap';

/** The browser keeps these, or a person would lose a tab. */
const kForbidden = /^\$mod\+(n|t|w|r|l)$/i;

describe('commands', () => {
  it('have unique ids and a title', () => {
    const ids = kCommands.map((command) => command.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const command of kCommands) expect(command.title.length).toBeGreaterThan(2);
  });

  it('share no key within a scope', () => {
    const owners = new Map<string, string>();
    for (const command of kCommands) {
      for (const key of command.keys) {
        const name = `${command.scope ?? 'editor'} ${key.toLowerCase()}`;
        expect(owners.get(name), `${command.id} and ${owners.get(name)} on ${key}`).toBeUndefined();
        owners.set(name, command.id);
      }
    }
  });

  it('leave the browser its keys', () => {
    for (const key of kCommands.flatMap((command) => command.keys)) {
      expect(key).not.toMatch(kForbidden);
    }
  });
});

describe('keymap', () => {
  const keymap = new Keymap(kCommands);
  const press = (key: string, code: string, held: string[] = []) =>
    ({
      key,
      code,
      getModifierState: (name: string) => held.includes(name),
    }) as unknown as KeyboardEvent;

  it.each([
    ['r', 'KeyR', [], 'tool.box'],
    ['z', 'KeyZ', ['Control'], 'edit.undo'],
    ['Z', 'KeyZ', ['Control', 'Shift'], 'edit.redo'],
    ['y', 'KeyY', ['Control'], 'edit.redo'],
    ['!', 'Digit1', ['Shift'], 'view.fit'],
    ['?', 'Slash', ['Shift'], 'page.help'],
    ['1', 'Digit1', [], 'label.1'],
    // The digit row of a French keyboard.
    ['&', 'Digit1', [], 'label.1'],
    ['0', 'Digit0', [], 'label.10'],
    ['ArrowLeft', 'ArrowLeft', ['Shift'], 'edit.nudge.ArrowLeft.far'],
  ])('%s with %s held as %j runs %s', (key, code, held, id) => {
    expect(keymap.find(press(key, code, held as string[]), 'editor')?.id).toBe(id);
  });

  it('asks a focused suggestion first', () => {
    expect(keymap.find(press('Enter', 'Enter'), 'suggestion')?.id).toBe('ai.accept');
    expect(keymap.find(press('Enter', 'Enter'), 'editor')?.id).toBe('tool.complete');
    expect(keymap.find(press('r', 'KeyR'), 'suggestion')).toBeNull();
  });

  it('reads well', () => {
    expect(readableKey('$mod+Shift+z')).toBe('Ctrl Shift Z');
    expect(readableKey('Shift+?')).toBe('?');
    expect(readableKey('Shift+Digit1')).toBe('Shift 1');
    expect(readableKey('Delete')).toBe('Del');
  });
});
