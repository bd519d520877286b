/** Skeletons, cuboids, attributes and tags. */
import { t, type MessageKey } from '../../i18n/i18n';
import { cycleJoint, heldGrip, leaveGrip, nudgeGrip, setShape, stepGrip } from '../grip';
import { mirror, swapSides } from '../skeletons/joints';
import type { SkeletonShape } from '../../kernel/records';
import type { Command, CommandContext } from './command';
import { chooseTool } from './toolCommands';

function selectedSkeleton({ editor }: CommandContext) {
  const [entry, ...others] = editor.selected();
  if (!entry || others.length > 0 || !editor.mayChange(entry.annotation.id)) return null;
  const { shape } = entry.annotation;
  return shape.type === 'skeleton' ? { entry, shape } : null;
}

function changeSkeleton(
  name: 'mirror' | 'swap',
  key: string,
  change: (shape: SkeletonShape) => SkeletonShape,
): Command {
  return {
    id: `skeleton.${name}`,
    title: `structure.commands.${name}`,
    group: 'edit',
    keys: [key],
    enabled: (context) => selectedSkeleton(context) !== null,
    run: (context) => {
      const found = selectedSkeleton(context);
      if (!found) return;
      const { editor } = context;
      setShape(editor, found.entry, change(found.shape), t(`structure.steps.${name}`));
    },
  };
}

const kDirections = [
  ['ArrowLeft', -1, 0],
  ['ArrowRight', 1, 0],
  ['ArrowUp', 0, -1],
  ['ArrowDown', 0, 1],
] as const;

const kGripMoves = kDirections.flatMap(([key, dx, dy]) =>
  ([1, 10] as const).map((by): Command => {
    const id = by === 1 ? `grip.${key}` : `grip.${key}.far`;
    const pressed = by === 1 ? key : `Shift+${key}`;
    return gripCommand(id, 'structure.commands.gripMove', [pressed], ({ editor }) =>
      nudgeGrip(editor, dx * by, dy * by),
    );
  }),
);

function gripCommand(
  id: string,
  title: MessageKey,
  keys: readonly string[],
  run: (context: CommandContext) => void,
): Command {
  return { id, title, group: 'edit', scope: 'grip', keys, run };
}

export const kStructureCommands: readonly Command[] = [
  chooseTool('skeleton', 'structure.commands.skeleton', 'Shift+s'),
  chooseTool('cuboid', 'structure.commands.cuboid', 'Shift+c'),
  {
    id: 'skeleton.skip',
    title: 'structure.commands.skip',
    group: 'drawing',
    keys: ['s'],
    enabled: ({ editor }) => editor.tool.get() === 'skeleton',
    run: ({ dispatch }) => void dispatch({ type: 'skip' }),
  },
  changeSkeleton('mirror', 'Alt+KeyF', mirror),
  changeSkeleton('swap', 'Alt+KeyX', swapSides),
  gripCommand('grip.next', 'structure.commands.gripNext', ['Tab'], ({ editor }) =>
    stepGrip(editor, 1),
  ),
  gripCommand('grip.previous', 'structure.commands.gripPrevious', ['Shift+Tab'], ({ editor }) =>
    stepGrip(editor, -1),
  ),
  gripCommand('grip.leave', 'structure.commands.gripLeave', ['Escape'], ({ editor }) =>
    leaveGrip(editor),
  ),
  gripCommand('grip.visibility', 'structure.commands.visibility', ['o'], ({ editor }) => {
    const held = heldGrip(editor);
    if (held) cycleJoint(editor, held.entry, held.handle.id);
  }),
  ...kGripMoves,
];
