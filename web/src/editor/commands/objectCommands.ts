/** Groups, relations, locks, copies over images, filters. */
import { t } from '../../i18n/i18n';
import {
  groupSelection,
  groupsOfSelection,
  selectWholeGroups,
  ungroupSelection,
} from '../objects/groups';
import { toggleMark } from '../objects/marks';
import { relate } from '../objects/relations';
import { tagLabels, toggleTag } from '../objects/tags';
import type { Editor } from '../editor';
import type { Command, CommandContext } from './command';
import { deleteObjects } from './editCommands';

const hasSelection = ({ editor }: CommandContext) => editor.selection.get().size > 0;
const chosen = (editor: Editor) => [...editor.selection.get()];
const inGroup = ({ editor }: CommandContext) => groupsOfSelection(editor).size > 0;

const kMarking: readonly Command[] = [
  {
    id: 'object.lock',
    title: 'commands.object.lock',
    group: 'objects',
    keys: ['Alt+KeyL'],
    enabled: hasSelection,
    run: ({ editor }) => sayMark(editor, 'lock', toggleMark(editor.guarded, chosen(editor))),
  },
  {
    id: 'object.lockAll',
    title: 'commands.object.lockAll',
    group: 'objects',
    keys: ['Alt+Shift+KeyL'],
    run: ({ editor }) => {
      const all = editor.store.ordered().map((entry) => entry.annotation.id);
      sayMark(editor, 'lock', toggleMark(editor.guarded, all));
    },
  },
  {
    id: 'object.pin',
    title: 'commands.object.pin',
    group: 'objects',
    keys: ['Shift+q'],
    enabled: hasSelection,
    run: ({ editor }) => sayMark(editor, 'pin', toggleMark(editor.pinned, chosen(editor))),
  },
  {
    id: 'object.deleteLocked',
    title: 'commands.object.deleteLocked',
    group: 'objects',
    keys: ['Shift+Delete'],
    enabled: hasSelection,
    run: ({ editor }) => deleteObjects(editor, chosen(editor), true),
  },
];

const kSaid = {
  lock: { on: 'objects.marks.locked', off: 'objects.marks.lockOff' },
  pin: { on: 'objects.marks.pinned', off: 'objects.marks.pinOff' },
} as const;

function sayMark(editor: Editor, mark: keyof typeof kSaid, on: boolean): void {
  editor.announcements.emit(t(kSaid[mark][on ? 'on' : 'off']));
}

const kTogether: readonly Command[] = [
  {
    id: 'object.group',
    title: 'commands.object.group',
    group: 'objects',
    keys: ['g'],
    enabled: ({ editor }) => editor.selection.get().size > 1,
    run: ({ editor }) => groupSelection(editor),
  },
  {
    id: 'object.ungroup',
    title: 'commands.object.ungroup',
    group: 'objects',
    keys: ['Shift+g'],
    enabled: inGroup,
    run: ({ editor }) => ungroupSelection(editor),
  },
  {
    id: 'object.selectGroup',
    title: 'commands.object.selectGroup',
    group: 'objects',
    keys: ['Alt+KeyG'],
    enabled: inGroup,
    run: ({ editor }) => selectWholeGroups(editor),
  },
  {
    id: 'tool.relation',
    title: 'commands.object.relate',
    group: 'objects',
    keys: ['Alt+KeyR'],
    run: ({ editor }) => {
      const [from, to, ...others] = chosen(editor);
      if (from === undefined || to === undefined || others.length > 0) editor.tool.set('relation');
      else relate(editor, from, to);
    },
  },
  {
    id: 'object.arrows',
    title: 'commands.object.arrows',
    group: 'objects',
    keys: ['Alt+Shift+KeyR'],
    run: ({ editor }) => editor.allArrows.update((all) => !all),
  },
];

const kOverImages: readonly Command[] = [
  {
    id: 'edit.propagate',
    title: 'commands.edit.propagate',
    group: 'objects',
    keys: ['$mod+b'],
    enabled: hasSelection,
    run: ({ page }) => page.openPropagate(),
  },
  {
    id: 'edit.repeatPrevious',
    title: 'commands.edit.repeatPrevious',
    group: 'objects',
    keys: ['Alt+KeyB'],
    enabled: ({ editor }) => editor.locked() === null,
    run: ({ page }) => page.repeatPrevious(),
  },
  {
    id: 'object.find',
    title: 'commands.object.find',
    group: 'objects',
    keys: ['/'],
    run: ({ page }) => page.findObjects(),
  },
  {
    id: 'object.clearFilter',
    title: 'commands.object.clearFilter',
    group: 'objects',
    keys: [],
    enabled: ({ editor }) => editor.filter.active,
    run: ({ editor }) => editor.filter.clear(),
  },
  {
    id: 'object.menu',
    title: 'commands.object.menu',
    group: 'objects',
    keys: ['Shift+F10', 'ContextMenu'],
    run: ({ page }) => page.openMenu(),
  },
  {
    id: 'page.note',
    title: 'commands.page.note',
    group: 'images',
    keys: ['Alt+KeyN'],
    run: ({ page }) => page.openNote(),
  },
];

const kTagNumbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

const kTags: readonly Command[] = kTagNumbers.map((number) => ({
  id: `tag.${number}`,
  title: 'commands.tag',
  values: { number },
  group: 'labels',
  keys: [`Alt+Shift+Digit${number % 10}`],
  enabled: ({ editor }) => tagLabels(editor.labels.get()).length >= number,
  run: ({ editor }) => {
    const label = tagLabels(editor.labels.get())[number - 1];
    if (!label) return;
    const on = toggleTag(editor, label);
    editor.announcements.emit(
      t(on ? 'objects.tags.on' : 'objects.tags.off', { label: label.name }),
    );
  },
}));

export const kObjectCommands: readonly Command[] = [
  ...kMarking,
  ...kTogether,
  ...kOverImages,
  ...kTags,
];
