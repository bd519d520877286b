/**
 * Keys to commands. A focused suggestion hears keys first, then the editor. Nothing fires while
 * somebody types or composes; a button keeps Enter and Space, a slider its arrows.
 */
import { matchKeyBindingPress, parseKeybinding, type KeyBindingPress } from 'tinykeys';
import { t } from '../i18n/i18n';
import type { Command, Scope } from './commands/command';

interface Binding {
  command: Command;
  scope: Scope;
  press: KeyBindingPress;
}

export class Keymap {
  private readonly bindings: Binding[];

  constructor(
    commands: readonly Command[],
    keysOf: (command: Command) => readonly string[] = (command) => command.keys,
  ) {
    this.bindings = commands.flatMap((command) =>
      keysOf(command).map((key) => ({
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
  // Its focus may have gone with what held it: the page behind is not meant all the same.
  if (document.querySelector('dialog[open]')) return true;
  if (target.isContentEditable || target.matches('textarea, select')) return true;
  if (target.closest('[role="dialog"], [role="menu"]')) return true;
  if (target.closest('[role="tree"]')) return belongsToTree(event);
  if (target instanceof HTMLInputElement) {
    if (kTextInputs.has(target.type)) return true;
    if (target.type === 'range') return kSliderKeys.test(event.key);
    return event.key === ' ' || event.key === 'Enter';
  }
  if (event.key === 'Tab') return !target.matches('[data-editor-canvas]');
  return target.matches('button, a, summary') && (event.key === 'Enter' || event.key === ' ');
}

/** A list that has the focus goes by arrows and by the first letters of what it holds. */
function belongsToTree(event: KeyboardEvent): boolean {
  if (event.key === 'Tab' || event.key === ' ' || event.key === 'Enter') return true;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  return kSliderKeys.test(event.key) || event.key.length === 1;
}

const kApple = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');

const kArrows: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Period: '.',
  Comma: ',',
};

const kNamedKeys = ['Shift', 'Alt', 'Delete', 'Escape', 'Enter', 'Backspace', 'Tab'] as const;
type NamedKey = (typeof kNamedKeys)[number];

function isNamed(part: string): part is NamedKey {
  return (kNamedKeys as readonly string[]).includes(part);
}

function readablePart(part: string): string {
  if (part === '$mod') return kApple ? '⌘' : t('commands.keyNames.Control');
  if (isNamed(part)) return t(`commands.keyNames.${part}`);
  const plain = part.replace(/^(?:Digit|Key)(?=.$)/, '');
  return kArrows[part] ?? (plain.length === 1 ? plain.toUpperCase() : plain);
}

/** `$mod+Shift+z` as a person reads it: `Ctrl Shift Z`. */
export function readableKey(key: string): string {
  // The character already says that Shift was needed for it.
  if (/^Shift\+[^\w]$/.test(key)) return key.slice(6);
  if (key === '+') return key;
  return key
    .split('+')
    .filter((part) => part !== '')
    .map(readablePart)
    .join(' ');
}

const kCopyCommands: Record<string, string> = { c: 'edit.copy', x: 'edit.cut', v: 'edit.paste' };

/** The browser tells of these itself, with its clipboard at hand: their keys run nothing here. */
export function isBrowserCopy(event: KeyboardEvent, { id }: Command): boolean {
  const held = kApple ? event.metaKey : event.ctrlKey;
  if (!held || event.shiftKey || event.altKey) return false;
  return kCopyCommands[event.key.toLowerCase()] === id;
}

/** A press in tinykeys' notation, as it is kept; null for a modifier alone. */
export function keyOfPress(event: KeyboardEvent): string | null {
  const { key, code } = event;
  if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Process'].includes(key)) return null;
  const held = [
    ...((kApple ? event.metaKey : event.ctrlKey) ? ['$mod'] : []),
    ...(event.altKey ? ['Alt'] : []),
    ...(event.shiftKey ? ['Shift'] : []),
  ];
  // With Alt or Shift the character depends on the layout, the place of the key does not.
  const byPlace = /^Digit\d$/.test(code) || (event.altKey && /^Key[A-Z]$/.test(code));
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toLowerCase() : key;
  return [...held, byPlace ? code : name].join('+');
}
