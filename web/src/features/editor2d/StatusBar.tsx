import { Minus, Plus } from 'lucide-react';
import { keyText } from '@/editor/keys/keysOf';
import { t } from '@/i18n/i18n';
import { IconButton } from '@/ui/Button';
import { useSignal } from './useSignal';
import { useCommand, useEditor, useWorkspace } from './workspace';

export function StatusBar() {
  const { asset } = useWorkspace();
  const editor = useEditor();
  useSignal(editor.store.version);
  const selection = useSignal(editor.selection);
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
  const { zoom } = useSignal(editor.view.camera);
  const zoomIn = useCommand('view.in');
  const zoomOut = useCommand('view.out');
  const actual = useCommand('view.actual');
  const percent = zoom * 100;
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
        className="status-percent num"
        title={t('editor.status.actual', { key: keyText('view.actual') ?? '–' })}
        onClick={actual}
      >
        {percent < 10 ? percent.toFixed(1) : Math.round(percent)} %
      </button>
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

/** Whole pixels: the pixel under the pointer. */
function Position() {
  const editor = useEditor();
  const pointer = useSignal(editor.view.pointer);
  return (
    <span className="num status-position" aria-hidden="true">
      {pointer ? `${Math.floor(pointer[0])}, ${Math.floor(pointer[1])}` : '–, –'}
    </span>
  );
}
