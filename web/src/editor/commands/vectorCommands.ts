/** Boxes, polygons, lines, points, ellipses: drawing and editing them. */
import { t, type MessageKey } from '../../i18n/i18n';
import type { OperationDraft } from '../../kernel/records';
import type { Editor } from '../editor';
import { join, joinable } from '../polygons/join';
import { toolFor } from '../redraw';
import { canTurn, turnShape } from '../turning';
import type { Command } from './command';
import { chooseTool } from './toolCommands';
import { kVertexCommands } from './vertexCommands';

function turn(editor: Editor, degrees: number): void {
  const operations = editor.selected().flatMap(({ annotation, outline }): OperationDraft[] => {
    const { id: target, shape: prev } = annotation;
    if (!canTurn(prev) || !editor.mayChange(target)) return [];
    const value = turnShape(prev, outline.bounds, degrees);
    return [{ op: 'set', target, field: 'shape', value, prev }];
  });
  if (operations.length > 0) editor.commit(t('tools.steps.turn'), operations);
}

function turning(key: string, title: MessageKey, degrees: number): Command {
  return {
    id: `vector.turn.${key}`,
    title,
    group: 'edit',
    keys: [`Alt+Shift+${key}`],
    enabled: ({ editor }) => editor.selected().some(({ annotation }) => canTurn(annotation.shape)),
    run: ({ editor }) => turn(editor, degrees),
  };
}

/** The only selected object that may be drawn again, and with what. */
function redrawable(editor: Editor) {
  const [entry, ...others] = editor.selected();
  if (!entry || others.length > 0 || !editor.mayChange(entry.annotation.id)) return null;
  const tool = toolFor(entry.annotation.shape);
  return tool && { id: entry.annotation.id, tool };
}

export const kVectorCommands: readonly Command[] = [
  chooseTool('rotated_box', 'tools.commands.rotated_box', 'Shift+r'),
  chooseTool('extreme_box', 'tools.commands.extreme_box', 'x'),
  chooseTool('polyline', 'tools.commands.polyline', 'l'),
  chooseTool('points', 'tools.commands.points', 'Shift+p'),
  chooseTool('ellipse', 'tools.commands.ellipse', 'Shift+o'),
  chooseTool('slice', 'tools.commands.slice', 'Alt+KeyJ'),
  {
    id: 'tool.join',
    title: 'tools.commands.join',
    group: 'tools',
    keys: ['j'],
    run: ({ editor }) => {
      if (joinable(editor).length > 1) void join(editor);
      else editor.tool.set('join');
    },
  },
  {
    id: 'vector.repeat',
    title: 'tools.commands.repeat',
    group: 'drawing',
    keys: ['n'],
    run: ({ editor, dispatch }) => {
      if (editor.overlay.get().drawing) dispatch({ type: 'complete' });
      else editor.redraw.repeat();
    },
  },
  {
    id: 'vector.redraw',
    title: 'tools.commands.redraw',
    group: 'drawing',
    keys: ['Shift+n'],
    enabled: ({ editor }) => redrawable(editor) !== null,
    run: ({ editor }) => {
      const found = redrawable(editor);
      if (found) editor.redraw.begin(found.id, found.tool);
    },
  },
  {
    id: 'vector.trace',
    title: 'tools.commands.trace',
    group: 'drawing',
    keys: ['t'],
    run: ({ dispatch }) => void dispatch({ type: 'trace' }),
  },
  {
    id: 'vector.snapping',
    title: 'tools.commands.snapping',
    group: 'drawing',
    keys: ['Alt+KeyS'],
    run: ({ editor }) => {
      editor.snapping.update((on) => !on);
      const on = editor.snapping.get();
      editor.announcements.emit(t(on ? 'tools.notices.snappingOn' : 'tools.notices.snappingOff'));
    },
  },
  {
    id: 'vector.holes',
    title: 'tools.commands.holes',
    group: 'drawing',
    keys: ['Alt+KeyH'],
    run: ({ editor }) => {
      editor.cutting.update((on) => !on);
      if (editor.cutting.get()) editor.tool.set('polygon');
      editor.announcements.emit(
        t(editor.cutting.get() ? 'tools.notices.holesOn' : 'tools.notices.holesOff'),
      );
    },
  },
  turning('ArrowLeft', 'tools.commands.turnLeft', -1),
  turning('ArrowRight', 'tools.commands.turnRight', 1),
  turning('ArrowUp', 'tools.commands.turnLeft', -15),
  turning('ArrowDown', 'tools.commands.turnRight', 15),
  ...kVertexCommands,
];
