/** Models at work under the hand. */
import type { Editor } from '../editor';
import { stepGhost } from '../focusGhost';
import type { Command, CommandContext } from './command';

const kAreas: readonly string[] = ['box', 'polygon', 'mask', 'ellipse'];

/** The one selected object, when it covers an area. */
function chosenArea(editor: Editor) {
  const [entry, ...others] = editor.selected();
  if (!entry || others.length > 0) return null;
  return kAreas.includes(entry.annotation.shape.type) ? entry.annotation : null;
}

const hasSimilar = ({ page }: CommandContext) => page.similarFound() > 0;
const hasGhosts = ({ editor }: CommandContext) => editor.ghosts.get().length > 0;

export const kAiCommands: readonly Command[] = [
  {
    id: 'ai.refine',
    title: 'ai.commands.refine',
    group: 'ai',
    keys: ['Shift+A'],
    enabled: ({ editor }) => {
      const chosen = chosenArea(editor);
      const fits = chosen?.shape.type === 'mask' || chosen?.shape.type === 'polygon';
      return fits && editor.mayChange(chosen.id);
    },
    run: ({ editor }) => {
      editor.refining.set(chosenArea(editor)!.id);
      editor.tool.set('segment');
    },
  },
  {
    id: 'ai.similar',
    title: 'ai.commands.similar',
    group: 'ai',
    keys: ['Alt+KeyA'],
    enabled: ({ editor }) => chosenArea(editor) !== null,
    run: ({ editor, page }) => page.findSimilar(chosenArea(editor)!.id),
  },
  {
    id: 'ai.detect',
    title: 'ai.commands.detect',
    group: 'ai',
    keys: ['i'],
    run: ({ page }) => page.detectNow(),
  },
  {
    id: 'ai.next',
    title: 'ai.commands.next',
    group: 'ai',
    keys: ['Alt+ArrowDown'],
    run: ({ editor }) => stepGhost(editor, 1),
  },
  {
    id: 'ai.previous',
    title: 'ai.commands.previous',
    group: 'ai',
    keys: ['Alt+ArrowUp'],
    run: ({ editor }) => stepGhost(editor, -1),
  },
  {
    id: 'ai.acceptShown',
    title: 'ai.commands.acceptShown',
    group: 'ai',
    keys: ['Shift+Enter'],
    enabled: hasGhosts,
    run: ({ page }) => page.acceptShown(),
  },
  {
    id: 'ai.acceptSimilar',
    title: 'ai.commands.acceptSimilar',
    group: 'ai',
    keys: ['Alt+Shift+KeyA'],
    enabled: hasSimilar,
    run: ({ page }) => page.acceptSimilar(),
  },
  {
    id: 'ai.rejectSimilar',
    title: 'ai.commands.rejectSimilar',
    group: 'ai',
    keys: ['Alt+Shift+KeyD'],
    enabled: hasSimilar,
    run: ({ page }) => page.rejectSimilar(),
  },
  {
    id: 'ai.stricter',
    title: 'ai.commands.stricter',
    group: 'ai',
    keys: ['Alt+PageUp'],
    enabled: hasSimilar,
    run: ({ page }) => page.stepLikeness(1),
  },
  {
    id: 'ai.looser',
    title: 'ai.commands.looser',
    group: 'ai',
    keys: ['Alt+PageDown'],
    enabled: hasSimilar,
    run: ({ page }) => page.stepLikeness(-1),
  },
];
