import type { Command } from './command';
import { toggleHidden } from './editCommands';

const kZoomKeyFactor = 1.25;

export const kViewCommands: readonly Command[] = [
  {
    id: 'view.fit',
    title: 'Fit the image',
    group: 'View',
    keys: ['Shift+Digit1'],
    run: ({ editor }) => editor.view.fit(),
  },
  {
    id: 'view.actual',
    title: 'Zoom to 100 %',
    group: 'View',
    keys: ['Shift+Digit2'],
    run: ({ editor }) => editor.view.actualSize(),
  },
  {
    id: 'view.selection',
    title: 'Zoom to the selection',
    group: 'View',
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
    title: 'Zoom in',
    group: 'View',
    keys: ['$mod+=', '$mod+Shift+='],
    run: ({ editor }) => editor.view.zoomCentre(kZoomKeyFactor),
  },
  {
    id: 'view.out',
    title: 'Zoom out',
    group: 'View',
    keys: ['$mod+-'],
    run: ({ editor }) => editor.view.zoomCentre(1 / kZoomKeyFactor),
  },
  {
    id: 'view.hide',
    title: 'Hide or show the selection',
    group: 'View',
    keys: ['h'],
    enabled: ({ editor }) => editor.selection.get().size > 0,
    run: ({ editor }) => toggleHidden(editor, [...editor.selection.get()]),
  },
  {
    id: 'view.hideAll',
    title: 'Hide or show everything',
    group: 'View',
    keys: ['Shift+h'],
    run: ({ editor }) =>
      toggleHidden(
        editor,
        editor.store.ordered().map((entry) => entry.annotation.id),
      ),
  },
  {
    id: 'page.next',
    title: 'Next image',
    group: 'Images',
    keys: ['f', '.'],
    run: ({ page }) => page.nextImage(),
  },
  {
    id: 'page.previous',
    title: 'Previous image',
    group: 'Images',
    keys: ['d', ','],
    run: ({ page }) => page.previousImage(),
  },
  {
    id: 'page.save',
    title: 'Save now (saving is automatic)',
    group: 'Images',
    keys: ['$mod+s'],
    run: ({ page }) => page.saveNow(),
  },
  {
    id: 'page.export',
    title: 'Export',
    group: 'Images',
    keys: ['$mod+e'],
    run: ({ page }) => page.openExport(),
  },
  {
    id: 'page.help',
    title: 'Keyboard help',
    group: 'View',
    keys: ['Shift+?', 'F1', '?'],
    run: ({ page }) => page.openHelp(),
  },
];
