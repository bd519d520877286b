import { Minus, Plus } from 'lucide-react';
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
          ? `${selection.size} of ${count} selected`
          : count === 1
            ? '1 object'
            : `${count} objects`}
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
        label="Zoom out"
        keys="Ctrl -"
        icon={<Minus />}
        onClick={zoomOut}
      />
      <button
        type="button"
        className="status-percent num"
        title="Zoom to 100 % (Shift 2)"
        onClick={actual}
      >
        {percent < 10 ? percent.toFixed(1) : Math.round(percent)} %
      </button>
      <IconButton
        size="s"
        tooltipSide="top"
        label="Zoom in"
        keys="Ctrl +"
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
