/**
 * A thing a person can do, once: toolbar, menu, shortcut, help and test all run the same object.
 * Keys are in tinykeys' notation; `$mod` is Control, or Command on a Mac.
 */
import { t, type MessageKey, type MessageValues } from '../../i18n/i18n';
import type { Editor } from '../editor';
import type { ToolInput } from '../input';

/** What belongs to the page around the editor. */
export interface PageActions {
  nextImage(): void;
  previousImage(): void;
  openHelp(): void;
  openPalette(): void;
  openKeys(): void;
  /** Asks over how many of the following images the selection is to be copied. */
  openPropagate(): void;
  repeatPrevious(): void;
  /** Asks what the selection is to become and shows it beforehand. */
  openConvert(): void;
  /** Shows what is said of the whole image, and takes the hand to the note. */
  openNote(): void;
  /** Takes the hand to the search field of the object list. */
  findObjects(): void;
  /** At the selection, or at the given place of the window. */
  openMenu(at?: readonly [number, number]): void;
  openExport(): void;
  saveNow(): void;
  acceptSuggestion(id: string): void;
  rejectSuggestion(id: string): void;
  /** Accepts what the confidence slider lets through. */
  acceptShown(): void;
  /** What looks like an object that was chosen: all that is alike enough, or none of it. */
  acceptSimilar(): void;
  rejectSimilar(): void;
  stepLikeness(by: 1 | -1): void;
  /** How many of them are to be decided. */
  similarFound(): number;
  detectNow(): void;
  /** Looks for objects like this one in this image. */
  findSimilar(annotationId: string): void;
  /** Ends what a model is asked for; whether there was anything. */
  stopWaiting(): boolean;
}

export interface CommandContext {
  editor: Editor;
  page: PageActions;
  dispatch(input: ToolInput): boolean;
}

/**
 * Where a key counts: a focused suggestion hears it first, then a held handle or vertex, then the
 * editor.
 */
export type Scope = 'suggestion' | 'grip' | 'vertex' | 'editor';

export const commandGroups = [
  'tools',
  'drawing',
  'ai',
  'edit',
  'objects',
  'view',
  'images',
  'labels',
] as const;
export type CommandGroup = (typeof commandGroups)[number];

export interface Command {
  readonly id: string;
  readonly title: MessageKey;
  readonly values?: MessageValues;
  readonly group: CommandGroup;
  readonly keys: readonly string[];
  readonly scope?: Scope;
  enabled?(context: CommandContext): boolean;
  run(context: CommandContext): void;
}

export function commandTitle(command: Command): string {
  return t(command.title, command.values);
}
