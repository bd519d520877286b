/** How the picture and the shapes on it are shown. */
import type { Editor } from '../editor';
import { colorings, kPlainTone, type Look } from '../look';
import type { Command } from './command';

type Switch = {
  [K in keyof Look]: Look[K] extends boolean ? K : never;
}[keyof Look];

function change(editor: Editor, patch: Partial<Look>): void {
  editor.look.update((look) => ({ ...look, ...patch }));
}

function toggle(id: string, name: Switch & keyof typeof kSwitchTitles, keys: string[] = []) {
  const command: Command = {
    id,
    title: kSwitchTitles[name],
    group: 'view',
    keys,
    run: ({ editor }) => change(editor, { [name]: !editor.look.get()[name] }),
  };
  return command;
}

const kSwitchTitles = {
  outlineOnly: 'canvas.commands.outlineOnly',
  minimap: 'canvas.commands.minimap',
  rulers: 'canvas.commands.rulers',
  grid: 'canvas.commands.grid',
  loupe: 'canvas.commands.loupe',
  crosshair: 'canvas.commands.crosshair',
} as const;

export const kCanvasCommands: readonly Command[] = [
  {
    id: 'view.turnRight',
    title: 'canvas.commands.turnRight',
    group: 'view',
    keys: ['$mod+Shift+ArrowRight'],
    run: ({ editor }) => editor.view.turn(1),
  },
  {
    id: 'view.turnLeft',
    title: 'canvas.commands.turnLeft',
    group: 'view',
    keys: ['$mod+Shift+ArrowLeft'],
    run: ({ editor }) => editor.view.turn(-1),
  },
  {
    id: 'view.flipX',
    title: 'canvas.commands.flipX',
    group: 'view',
    keys: [],
    run: ({ editor }) => editor.view.flip('x'),
  },
  {
    id: 'view.flipY',
    title: 'canvas.commands.flipY',
    group: 'view',
    keys: [],
    run: ({ editor }) => editor.view.flip('y'),
  },
  {
    id: 'view.upright',
    title: 'canvas.commands.upright',
    group: 'view',
    keys: [],
    run: ({ editor }) => editor.view.upright(),
  },
  toggle('view.outlineOnly', 'outlineOnly', ['Alt+KeyO']),
  toggle('view.minimap', 'minimap', ['Alt+KeyM']),
  toggle('view.rulers', 'rulers'),
  toggle('view.grid', 'grid'),
  toggle('view.loupe', 'loupe', ['Alt+KeyZ']),
  toggle('view.crosshair', 'crosshair', ['Alt+Shift+KeyC']),
  {
    id: 'view.plainTone',
    title: 'canvas.commands.plainTone',
    group: 'view',
    keys: [],
    run: ({ editor }) => change(editor, { tone: kPlainTone }),
  },
  {
    id: 'view.nextColoring',
    title: 'canvas.commands.nextColoring',
    group: 'view',
    keys: ['Alt+KeyC'],
    run: ({ editor }) => {
      const at = colorings.indexOf(editor.look.get().colorBy);
      change(editor, { colorBy: colorings[(at + 1) % colorings.length]! });
    },
  },
];
