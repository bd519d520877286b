/** One vertex of the selected object, by keys. While one is focused it hears keys first. */
import { addVertex, canAddVertex } from '../addVertex';
import {
  canStepVertex,
  deleteFocusedVertex,
  focusVertex,
  moveFocusedVertex,
  stepVertex,
} from '../vertexFocus';
import type { Command } from './command';

const kDirections = [
  ['ArrowLeft', -1, 0],
  ['ArrowRight', 1, 0],
  ['ArrowUp', 0, -1],
  ['ArrowDown', 0, 1],
] as const;

function moving(key: string, dx: number, dy: number): Command {
  return {
    id: `vertex.move.${key}`,
    title: 'tools.commands.moveVertex',
    group: 'edit',
    keys: [key],
    scope: 'vertex',
    run: ({ editor }) => moveFocusedVertex(editor, dx, dy),
  };
}

export const kVertexCommands: readonly Command[] = [
  {
    id: 'vertex.next',
    title: 'tools.commands.nextVertex',
    group: 'edit',
    keys: ['z'],
    enabled: ({ editor }) => canStepVertex(editor),
    run: ({ editor }) => stepVertex(editor, 1),
  },
  {
    id: 'vertex.previous',
    title: 'tools.commands.previousVertex',
    group: 'edit',
    keys: ['Shift+z'],
    enabled: ({ editor }) => canStepVertex(editor),
    run: ({ editor }) => stepVertex(editor, -1),
  },
  {
    id: 'vertex.add',
    title: 'tools.commands.addVertex',
    group: 'edit',
    keys: ['Insert', 'Alt+KeyI'],
    enabled: ({ editor }) => canAddVertex(editor),
    run: ({ editor }) => addVertex(editor),
  },
  {
    id: 'vertex.delete',
    title: 'tools.commands.deleteVertex',
    group: 'edit',
    keys: ['Delete', 'Backspace'],
    scope: 'vertex',
    run: ({ editor }) => deleteFocusedVertex(editor),
  },
  {
    id: 'vertex.leave',
    title: 'tools.commands.leaveVertex',
    group: 'edit',
    keys: ['Escape'],
    scope: 'vertex',
    run: ({ editor }) => focusVertex(editor, null),
  },
  ...kDirections.flatMap(([key, dx, dy]) => [
    moving(key, dx, dy),
    moving(`Shift+${key}`, 10 * dx, 10 * dy),
  ]),
];
