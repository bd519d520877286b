/** What the page does for the commands of this part: dialogs, menus, other images. */
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import type { PageActions } from '@/editor/commands/command';
import type { Editor } from '@/editor/editor';
import { keyText } from '@/editor/keys/keysOf';
import { copySelection, pasteHeld, pasteText, selectedClip } from '@/editor/objects/clipboardUse';
import { deleteObjects } from '@/editor/commands/editCommands';
import { showArrows } from '@/editor/objects/relationArrows';
import { t } from '@/i18n/i18n';
import type { Point } from '@/kernel/records';
import { errorText } from '@/net/http';
import { toast } from '@/ui/Toast';
import type { SideTab } from '../SidePanel';
import type { Walk } from '../../assets/walk';
import type { Neighbours } from '../useNeighbours';
import { laterDialog } from '../later';

const ObjectMenu = laterDialog(async () => (await import('./ObjectMenu')).ObjectMenu);
const Palette = laterDialog(async () => (await import('../palette/Palette')).default);
const ConvertPanel = laterDialog(async () => (await import('./ConvertPanel')).ConvertPanel);
const PropagateDialog = laterDialog(
  async () => (await import('./PropagateDialog')).PropagateDialog,
);
const KeysDialog = laterDialog(async () => (await import('../../keys/KeysDialog')).default);

type Actions = Pick<
  PageActions,
  | 'openPalette'
  | 'openKeys'
  | 'openPropagate'
  | 'repeatPrevious'
  | 'openConvert'
  | 'openNote'
  | 'findObjects'
  | 'openMenu'
>;

export interface ObjectPage {
  actions: Actions;
  /** To be put into the page, inside of the workspace. */
  dialogs: ReactNode;
}

interface Options {
  projectId: string;
  editor: Editor;
  neighbours: Neighbours;
  walk: Walk;
  setTab: (tab: SideTab) => void;
}

export function useObjectPage(options: Options): ObjectPage {
  const { projectId, editor, neighbours, walk, setTab } = options;
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<'palette' | 'keys' | 'propagate' | 'convert' | null>(null);
  const [menuAt, setMenuAt] = useState<readonly [number, number] | null>(null);
  useEffect(() => showArrows(editor), [editor]);
  useCanvasMenu(editor, setMenuAt);
  useBrowserClipboard(editor);
  const close = useCallback(() => setDialog(null), []);
  const actions: Actions = {
    openPalette: () => setDialog('palette'),
    openKeys: () => setDialog('keys'),
    openPropagate: () => setDialog('propagate'),
    repeatPrevious: () => void repeat(editor, neighbours.previous),
    openConvert: () => setDialog('convert'),
    openNote: () => {
      setTab('image');
      focusSoon('[data-note]');
    },
    findObjects: () => {
      setTab('objects');
      focusSoon('[data-object-search]');
    },
    openMenu: (at) => setMenuAt(at ?? placeOfSelection(editor)),
  };
  const goTo = (assetId: string) =>
    void navigate({
      to: '/projects/$projectId/annotate/$assetId',
      params: { projectId, assetId },
      search: neighbours.walkAt(assetId),
    });
  const dialogs = (
    <>
      {menuAt ? <ObjectMenu at={menuAt} onClose={() => setMenuAt(null)} /> : null}
      {dialog === 'convert' ? <ConvertPanel onClose={close} /> : null}
      {dialog === 'propagate' ? <PropagateDialog walk={walk} onClose={close} /> : null}
      {dialog === 'palette' ? (
        <Palette onClose={close} images={neighbours.known} onImage={goTo} />
      ) : null}
      {dialog === 'keys' ? <KeysDialog onClose={close} /> : null}
    </>
  );
  return { actions, dialogs };
}

/** Frames in which a panel's code may still come. */
const kFocusTries = 120;

/** At once where it is there, so that no letter typed next goes astray; else with its panel. */
function focusSoon(selector: string): void {
  const focus = () => {
    const element = document.querySelector<HTMLElement>(selector);
    element?.focus();
    return element !== null;
  };
  const wait = (tries: number) => {
    if (!focus() && tries > 0) requestAnimationFrame(() => wait(tries - 1));
  };
  wait(kFocusTries);
}

async function repeat(editor: Editor, previous: string | null): Promise<void> {
  if (previous === null) return void toast({ title: t('objects.repeat.first') });
  try {
    // It asks for the other image anyway.
    const { bringFrom } = await import('./otherImages');
    const count = await bringFrom(editor, previous);
    toast(
      count > 0
        ? {
            tone: 'ok',
            title: t('objects.repeat.done', { count }),
            detail: t('objects.repeat.undo', { key: keyText('edit.undo') ?? '' }),
          }
        : { title: t('objects.repeat.nothing') },
    );
  } catch (error) {
    toast({ tone: 'err', title: t('objects.repeat.failed'), detail: errorText(error) });
  }
}

/**
 * The right button, a resting finger or a pen's button: the menu of what is under it. For the
 * buttons the AI tool has another use.
 */
function useCanvasMenu(editor: Editor, open: (at: readonly [number, number]) => void): void {
  useEffect(() => {
    const abort = new AbortController();
    const ask = (canvas: Element, screen: Point) => {
      const { drawing, prompt } = editor.overlay.get();
      if (drawing || prompt) return;
      const under = editor.pick(...editor.view.toImage(screen));
      if (!under.some((id) => editor.selection.get().has(id))) editor.select(under.slice(0, 1));
      const { left, top } = canvas.getBoundingClientRect();
      open([screen[0] + left, screen[1] + top]);
    };
    const asked = (event: MouseEvent) => {
      const canvas = event.target;
      if (!(canvas instanceof HTMLElement) || !canvas.matches('[data-editor-canvas]')) return;
      event.preventDefault();
      // A long press comes through `menus` as well, when no finger is about to draw.
      if (editor.tool.get() === 'segment' || isFinger(event)) return;
      const box = canvas.getBoundingClientRect();
      ask(canvas, [event.clientX - box.left, event.clientY - box.top]);
    };
    window.addEventListener('contextmenu', asked, { signal: abort.signal });
    const rested = editor.menus.on(({ screen }) => {
      const canvas = document.querySelector('[data-editor-canvas]');
      if (canvas) ask(canvas, screen);
    });
    return () => {
      abort.abort();
      rested();
    };
  }, [editor, open]);
}

function isFinger(event: MouseEvent): boolean {
  return event instanceof PointerEvent && event.pointerType === 'touch';
}

/**
 * The browser's own clipboard: objects leave as text that any program can read, and annotations
 * come as text from anywhere.
 */
function useBrowserClipboard(editor: Editor): void {
  useEffect(() => {
    const abort = new AbortController();
    const options = { signal: abort.signal };
    const copy = (event: ClipboardEvent) => {
      const marked = window.getSelection()?.isCollapsed === false;
      if (isElsewhere(event) || marked || editor.selection.get().size === 0) return;
      event.clipboardData?.setData('text/plain', JSON.stringify(selectedClip(editor)));
      event.preventDefault();
      void copySelection(editor);
      if (event.type === 'cut') deleteObjects(editor, [...editor.selection.get()]);
    };
    const paste = (event: ClipboardEvent) => {
      if (isElsewhere(event)) return;
      event.preventDefault();
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (!pasteText(editor, text)) void pasteHeld(editor);
    };
    window.addEventListener('copy', copy, options);
    window.addEventListener('cut', copy, options);
    window.addEventListener('paste', paste, options);
    return () => abort.abort();
  }, [editor]);
}

/** Text fields and dialogs have their own use of the clipboard. */
function isElsewhere({ target }: ClipboardEvent): boolean {
  if (target instanceof HTMLElement && target.matches('input, textarea, select')) return true;
  return document.querySelector('dialog[open]') !== null;
}

function placeOfSelection(editor: Editor): readonly [number, number] {
  const canvas = document.querySelector('[data-editor-canvas]')?.getBoundingClientRect();
  const [first] = editor.selected();
  const [x0, y0, x1, y1] = first?.outline.bounds ?? [0, 0, 0, 0];
  const [u, v] = first
    ? editor.view.toScreen([(x0 + x1) / 2, (y0 + y1) / 2])
    : [(canvas?.width ?? 0) / 2, (canvas?.height ?? 0) / 2];
  return [u + (canvas?.left ?? 0), v + (canvas?.top ?? 0)];
}
