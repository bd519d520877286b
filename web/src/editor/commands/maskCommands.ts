/** Brush, eraser, wand, scissors, superpixels, and conversions between shapes. */
import { t, type MessageKey } from '../../i18n/i18n';
import type { Editor } from '../editor';
import { convertible, convertObjects, type Converted } from '../masks/convert';
import { kMeasures, maskSetting, stepMeasure } from '../masks/maskSettings';
import { selectedMask } from '../masks/painting';
import { fillHoles, resizeMask } from '../masks/reshape';
import type { Command } from './command';
import { chooseTool } from './toolCommands';

function measureCommand(id: string, title: MessageKey, key: string, direction: 1 | -1): Command {
  return {
    id,
    title,
    group: 'drawing',
    keys: [key],
    enabled: ({ editor }) => kMeasures[editor.tool.get()] !== undefined,
    run: ({ editor }) => {
      const measure = kMeasures[editor.tool.get()];
      if (measure) stepMeasure(measure, direction);
    },
  };
}

const kKinds: readonly Converted[] = ['mask', 'polygon', 'box'];

function conversion(to: Converted, key: string, title: MessageKey, step: MessageKey): Command {
  return {
    id: `convert.${to}`,
    title,
    group: 'edit',
    keys: [key],
    enabled: ({ editor }) => convertible(editor, to).length > 0,
    run: ({ editor }) => {
      const how = { title: t(step), tolerance: maskSetting('outline') };
      convertObjects(editor, convertible(editor, to), to, how);
    },
  };
}

function ofMask(
  id: string,
  title: MessageKey,
  keys: readonly string[],
  change: (editor: Editor) => void,
): Command {
  return {
    id,
    title,
    group: 'edit',
    keys,
    enabled: ({ editor }) => selectedMask(editor) !== null,
    run: ({ editor }) => change(editor),
  };
}

export const kMaskCommands: readonly Command[] = [
  chooseTool('brush', 'masks.commands.brush', 'b'),
  chooseTool('eraser', 'masks.commands.eraser', 'e'),
  chooseTool('fill', 'masks.commands.fill', 'k'),
  chooseTool('wand', 'masks.commands.wand', 'w'),
  chooseTool('scissors', 'masks.commands.scissors', 'Shift+i'),
  chooseTool('superpixels', 'masks.commands.superpixels', 'u'),
  measureCommand('mask.larger', 'masks.commands.larger', ']', 1),
  measureCommand('mask.smaller', 'masks.commands.smaller', '[', -1),
  ofMask('mask.grow', 'masks.commands.grow', ['Shift+}'], (editor) => resizeMask(editor, 1)),
  ofMask('mask.shrink', 'masks.commands.shrink', ['Shift+{'], (editor) => resizeMask(editor, -1)),
  ofMask('mask.fillHoles', 'masks.commands.fillHoles', [], fillHoles),
  conversion('mask', 'Alt+Shift+KeyM', 'masks.commands.toMask', 'masks.steps.toMask'),
  conversion('polygon', 'Alt+Shift+KeyP', 'masks.commands.toPolygon', 'masks.steps.toPolygon'),
  conversion('box', 'Alt+Shift+KeyX', 'masks.commands.toBox', 'masks.steps.toBox'),
  {
    id: 'convert.choose',
    title: 'masks.commands.convert',
    group: 'edit',
    keys: ['Alt+KeyV'],
    enabled: ({ editor }) => kKinds.some((to) => convertible(editor, to, true).length > 0),
    run: ({ page }) => page.openConvert(),
  },
];
