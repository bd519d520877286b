import { toggleMark } from '../objects/marks';
import type { Command } from './command';

const kZoomKeyFactor = 1.25;

export const kViewCommands: readonly Command[] = [
  {
    id: 'view.fit',
    title: 'commands.view.fit',
    group: 'view',
    keys: ['Shift+Digit1'],
    run: ({ editor }) => editor.view.fit(),
  },
  {
    id: 'view.actual',
    title: 'commands.view.actual',
    group: 'view',
    keys: ['Shift+Digit2'],
    run: ({ editor }) => editor.view.actualSize(),
  },
  {
    id: 'view.selection',
    title: 'commands.view.selection',
    group: 'view',
    keys: ['Shift+Digit3'],
    enabled: ({ editor }) => editor.selection.get().size > 0,
    run: ({ editor }) => {
      const [first, ...rest] = editor.selected().map((entry) => entry.outline.bounds);
      if (!first) return;
      editor.view.show(
        rest.reduce<readonly [number, number, number, number]>(
          (a, b) => [
            Math.min(a[0], b[0]),
            Math.min(a[1], b[1]),
            Math.max(a[2], b[2]),
            Math.max(a[3], b[3]),
          ],
          first,
        ),
      );
    },
  },
  {
    id: 'view.in',
    title: 'commands.view.in',
    group: 'view',
    keys: ['$mod+=', '$mod+Shift+='],
    run: ({ editor }) => editor.view.zoomCentre(kZoomKeyFactor),
  },
  {
    id: 'view.out',
    title: 'commands.view.out',
    group: 'view',
    keys: ['$mod+-'],
    run: ({ editor }) => editor.view.zoomCentre(1 / kZoomKeyFactor),
  },
  {
    id: 'view.hide',
    title: 'commands.view.hide',
    group: 'view',
    keys: ['h'],
    enabled: ({ editor }) => editor.selection.get().size > 0,
    run: ({ editor }) => void toggleMark(editor.hidden, [...editor.selection.get()]),
  },
  {
    id: 'view.hideAll',
    title: 'commands.view.hideAll',
    group: 'view',
    keys: ['Shift+h'],
    run: ({ editor }) =>
      void toggleMark(
        editor.hidden,
        editor.store.ordered().map((entry) => entry.annotation.id),
      ),
  },
  {
    id: 'page.next',
    title: 'commands.page.next',
    group: 'images',
    keys: ['f', '.'],
    run: ({ page }) => page.nextImage(),
  },
  {
    id: 'page.previous',
    title: 'commands.page.previous',
    group: 'images',
    keys: ['d', ','],
    run: ({ page }) => page.previousImage(),
  },
  {
    id: 'page.save',
    title: 'commands.page.save',
    group: 'images',
    keys: ['$mod+s'],
    run: ({ page }) => page.saveNow(),
  },
  {
    id: 'page.export',
    title: 'commands.page.export',
    group: 'images',
    keys: ['$mod+e'],
    run: ({ page }) => page.openExport(),
  },
  {
    id: 'page.palette',
    title: 'commands.page.palette',
    group: 'view',
    keys: ['$mod+k'],
    run: ({ page }) => page.openPalette(),
  },
  {
    id: 'page.keys',
    title: 'commands.page.keys',
    group: 'view',
    keys: ['F2'],
    run: ({ page }) => page.openKeys(),
  },
  {
    id: 'page.help',
    title: 'commands.page.help',
    group: 'view',
    keys: ['Shift+?', 'F1', '?'],
    run: ({ page }) => page.openHelp(),
  },
];
