/** Brush, eraser, wand, scissors, superpixels, and conversions between shapes. */
import { t, type MessageKey } from '../../i18n/i18n';
import type { Editor } from '../editor';
import { canConvert, convertObjects, kOutlineTolerance, type Converted } from '../masks/convert';
import { maskSetting, setMaskSetting, stepSize } from '../masks/maskSettings';
import type { ToolId } from '../toolIds';
import type { Command } from './command';
import { chooseTool } from './toolCommands';

const kPaintTools: readonly ToolId[] = ['brush', 'eraser'];

function sizeCommand(id: string, title: MessageKey, key: string, direction: 1 | -1): Command {
  return {
    id,
    title,
    group: 'drawing',
    keys: [key],
    enabled: ({ editor }) => kPaintTools.includes(editor.tool.get()),
    run: () => setMaskSetting('size', stepSize(maskSetting('size'), direction)),
  };
}

function convertible(editor: Editor, to: Converted): string[] {
  return editor
    .selected()
    .filter(({ annotation }) => canConvert(annotation.shape, to))
    .map(({ annotation }) => annotation.id);
}

function conversion(to: Converted, title: MessageKey, step: MessageKey): Command {
  return {
    id: `convert.${to}`,
    title,
    group: 'edit',
    keys: [],
    enabled: ({ editor }) => convertible(editor, to).length > 0,
    run: ({ editor }) => {
      const how = { title: t(step), tolerance: kOutlineTolerance };
      convertObjects(editor, convertible(editor, to), to, how);
    },
  };
}

export const kMaskCommands: readonly Command[] = [
  chooseTool('brush', 'masks.commands.brush', 'b'),
  chooseTool('eraser', 'masks.commands.eraser', 'e'),
  sizeCommand('mask.larger', 'masks.commands.larger', ']', 1),
  sizeCommand('mask.smaller', 'masks.commands.smaller', '[', -1),
  conversion('mask', 'masks.commands.toMask', 'masks.steps.toMask'),
  conversion('polygon', 'masks.commands.toPolygon', 'masks.steps.toPolygon'),
  conversion('box', 'masks.commands.toBox', 'masks.steps.toBox'),
];
