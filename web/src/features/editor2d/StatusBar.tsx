import { Minus, Plus } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { keyText } from '@/editor/keys/keysOf';
import { t } from '@/i18n/i18n';
import { formatCount, formatTenths } from '@/ui/format';
import { IconButton } from '@/ui/Button';
import { calm, useSignal } from './useSignal';
import { useCommand, useEditor, useWorkspace } from './workspace';

export function StatusBar() {
  const { asset } = useWorkspace();
  const editor = useEditor();
  useSignal(editor.store.version);
  const selection = useSignal(calm(editor.selection));
  const count = editor.store.size;
  return (
    <footer className="status">
      <Zoom />
      <span className="num status-size">
        {asset.width} × {asset.height}
      </span>
      <Position />
      <span className="num status-count">
        {selection.size > 0
          ? t('editor.status.selected', { selected: selection.size, all: count })
          : t('commands.objects', { count })}
      </span>
    </footer>
  );
}

function Zoom() {
  const editor = useEditor();
  const { camera } = editor.view;
  const percent = useWritten(camera, () => zoomText(camera.get().zoom));
  const zoomIn = useCommand('view.in');
  const zoomOut = useCommand('view.out');
  const actual = useCommand('view.actual');
  return (
    <span className="status-zoom">
      <IconButton
        size="s"
        tooltipSide="top"
        label={t('editor.status.zoomOut')}
        keys={keyText('view.out')}
        icon={<Minus />}
        onClick={zoomOut}
      />
      <button
        type="button"
        ref={percent}
        className="status-percent num"
        title={t('editor.status.actual', { key: keyText('view.actual') ?? '–' })}
        onClick={actual}
      ></button>
      <IconButton
        size="s"
        tooltipSide="top"
        label={t('editor.status.zoomIn')}
        keys={keyText('view.in')}
        icon={<Plus />}
        onClick={zoomIn}
      />
    </span>
  );
}

function zoomText(zoom: number): string {
  const percent = zoom * 100;
  return `${percent < 10 ? formatTenths(percent) : formatCount(Math.round(percent))} %`;
}

/** Whole pixels: the pixel under the pointer. */
function Position() {
  const { pointer } = useEditor().view;
  const place = useWritten<HTMLSpanElement>(pointer, () => {
    const at = pointer.get();
    return at ? `${Math.floor(at[0])}, ${Math.floor(at[1])}` : '–, –';
  });
  return <span ref={place} className="num status-position" aria-hidden="true" />;
}

/** Text that follows every step of the pointer: written as it is, without rendering anything. */
function useWritten<T extends HTMLElement = HTMLButtonElement>(
  signal: { subscribe(listener: () => void): () => void },
  text: () => string,
) {
  const element = useRef<T>(null);
  const latest = useRef(text);
  latest.current = text;
  useEffect(() => {
    const write = () => {
      const node = element.current;
      const now = latest.current();
      if (node && node.textContent !== now) node.textContent = now;
    };
    write();
    return signal.subscribe(write);
  }, [signal]);
  return element;
}
