/**
 * Keys to commands. A focused suggestion hears keys first, then the editor. Nothing fires while
 * somebody types or composes; a button keeps Enter and Space, a slider its arrows.
 */
import { matchKeyBindingPress, parseKeybinding, type KeyBindingPress } from 'tinykeys';
import type { Command, Scope } from './commands/command';

interface Binding {
  command: Command;
  scope: Scope;
  press: KeyBindingPress;
}

export class Keymap {
  private readonly bindings: Binding[];

  constructor(commands: readonly Command[]) {
    this.bindings = commands.flatMap((command) =>
      command.keys.map((key) => ({
        command,
        scope: command.scope ?? 'editor',
        press: parseKeybinding(key)[0]!,
      })),
    );
  }

  /** Commands bound to this press in `scope`. */
  find(event: KeyboardEvent, scope: Scope): Command | null {
    const binding = this.bindings.find(
      (candidate) => candidate.scope === scope && matchKeyBindingPress(event, candidate.press),
    );
    return binding?.command ?? null;
  }
}

const kTextInputs = new Set([
  'text',
  'search',
  'url',
  'tel',
  'email',
  'password',
  'number',
  'date',
  'time',
  'color',
]);
const kSliderKeys = /^(Arrow|Home|End|Page)/;

/** Whether a press belongs to the element that has the focus and not to the editor. */
export function belongsToElement(event: KeyboardEvent): boolean {
  if (event.isComposing) return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches('textarea, select')) return true;
  if (target.closest('dialog, [role="dialog"], [role="menu"]')) return true;
  if (target instanceof HTMLInputElement) {
    if (kTextInputs.has(target.type)) return true;
    if (target.type === 'range') return kSliderKeys.test(event.key);
    return event.key === ' ' || event.key === 'Enter';
  }
  if (event.key === 'Tab') return !target.matches('[data-editor-canvas]');
  return target.matches('button, a, summary') && (event.key === 'Enter' || event.key === ' ');
}

const kApple = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');

const kKeyNames: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Delete: 'Del',
  Escape: 'Esc',
};

/** `$mod+Shift+z` as a person reads it: `Ctrl Shift Z`. */
export function readableKey(key: string): string {
  // The character already says that Shift was needed for it.
  if (/^Shift\+[^\w]$/.test(key)) return key.slice(6);
  return key
    .split('+')
    .filter((part) => part !== '')
    .map((part) => {
      if (part === '$mod') return kApple ? '⌘' : 'Ctrl';
      if (part.startsWith('Digit')) return part.slice(5);
      return kKeyNames[part] ?? (part.length === 1 ? part.toUpperCase() : part);
    })
    .join(' ');
}
