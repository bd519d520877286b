import type { ToolId } from '../editor';
import type { Command } from './command';

function chooseTool(id: ToolId, title: string, key: string): Command {
  return {
    id: `tool.${id}`,
    title,
    group: 'Tools',
    keys: [key],
    run: ({ editor }) => editor.tool.set(id),
  };
}

export const kToolCommands: readonly Command[] = [
  chooseTool('select', 'Select and move', 'v'),
  chooseTool('box', 'Box', 'r'),
  chooseTool('polygon', 'Polygon', 'p'),
  chooseTool('segment', 'AI click tool', 'a'),
  {
    id: 'comment.place',
    title: 'Comment on the selected object, or on a spot',
    group: 'Tools',
    keys: ['c'],
    run: ({ editor }) => {
      const [annotationId, ...others] = editor.selection.get();
      if (annotationId === undefined || others.length > 0) editor.tool.set('comment');
      else editor.discussion.begin({ annotationId });
    },
  },
  {
    id: 'tool.complete',
    title: 'Finish or accept what is drawn',
    group: 'Drawing',
    keys: ['Enter'],
    run: ({ dispatch }) => void dispatch({ type: 'complete' }),
  },
  {
    id: 'tool.cancel',
    title: 'Cancel, then leave the tool',
    group: 'Drawing',
    keys: ['Escape'],
    run: ({ editor, dispatch }) => {
      const { company, discussion } = editor;
      if (company.following.get() !== null) company.following.set(null);
      else if (discussion.busy) discussion.show(null);
      else if (dispatch({ type: 'cancel' })) return;
      else if (editor.past.get()) editor.travel(null);
      else editor.select([]);
    },
  },
  {
    id: 'ai.accept',
    title: 'Accept the focused suggestion',
    group: 'AI',
    keys: ['Enter'],
    scope: 'suggestion',
    run: ({ editor, page }) => {
      const id = editor.focusedGhost.get();
      if (id !== null) page.acceptSuggestion(id);
    },
  },
  {
    id: 'ai.reject',
    title: 'Reject the focused suggestion',
    group: 'AI',
    keys: ['Delete', 'Backspace'],
    scope: 'suggestion',
    run: ({ editor, page }) => {
      const id = editor.focusedGhost.get();
      if (id !== null) page.rejectSuggestion(id);
    },
  },
  {
    id: 'ai.leave',
    title: 'Leave the focused suggestion',
    group: 'AI',
    keys: ['Escape'],
    scope: 'suggestion',
    run: ({ editor }) => editor.focusedGhost.set(null),
  },
];
