import type { MessageKey } from '../../i18n/i18n';
import type { ToolId } from '../editor';
import type { Command } from './command';

export function chooseTool(id: ToolId, title: MessageKey, key: string): Command {
  return {
    id: `tool.${id}`,
    title,
    group: 'tools',
    keys: [key],
    run: ({ editor }) => editor.tool.set(id),
  };
}

export const kToolCommands: readonly Command[] = [
  chooseTool('select', 'commands.tool.select', 'v'),
  chooseTool('box', 'commands.tool.box', 'r'),
  chooseTool('polygon', 'commands.tool.polygon', 'p'),
  chooseTool('segment', 'commands.tool.segment', 'a'),
  {
    id: 'comment.place',
    title: 'commands.comment.place',
    group: 'tools',
    keys: ['c'],
    run: ({ editor }) => {
      const [annotationId, ...others] = editor.selection.get();
      if (annotationId === undefined || others.length > 0) editor.tool.set('comment');
      else editor.discussion.begin({ annotationId });
    },
  },
  {
    id: 'tool.complete',
    title: 'commands.tool.complete',
    group: 'drawing',
    keys: ['Enter'],
    run: ({ dispatch }) => void dispatch({ type: 'complete' }),
  },
  {
    id: 'tool.cancel',
    title: 'commands.tool.cancel',
    group: 'drawing',
    keys: ['Escape'],
    run: ({ editor, page, dispatch }) => {
      const { company, discussion } = editor;
      if (company.following.get() !== null) company.following.set(null);
      else if (discussion.busy) discussion.show(null);
      // A wait ends before the selection that it is for, but after a drawing.
      else if (editor.tool.get() === 'select' && page.stopWaiting()) return;
      else if (dispatch({ type: 'cancel' })) return;
      else if (page.stopWaiting()) return;
      else if (editor.past.get()) editor.travel(null);
      else editor.select([]);
    },
  },
  {
    id: 'ai.accept',
    title: 'commands.ai.accept',
    group: 'ai',
    keys: ['Enter'],
    scope: 'suggestion',
    run: ({ editor, page }) => {
      const id = editor.focusedGhost.get();
      if (id !== null) page.acceptSuggestion(id);
    },
  },
  {
    id: 'ai.reject',
    title: 'commands.ai.reject',
    group: 'ai',
    keys: ['Delete', 'Backspace'],
    scope: 'suggestion',
    run: ({ editor, page }) => {
      const id = editor.focusedGhost.get();
      if (id !== null) page.rejectSuggestion(id);
    },
  },
  {
    id: 'ai.leave',
    title: 'commands.ai.leave',
    group: 'ai',
    keys: ['Escape'],
    scope: 'suggestion',
    run: ({ editor }) => editor.focusedGhost.set(null),
  },
];
