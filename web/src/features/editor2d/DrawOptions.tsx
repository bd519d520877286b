import { t } from '@/i18n/i18n';
import { keyText } from '@/editor/keys/keysOf';
import type { Signal } from '@/editor/signal';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';
import './maskOptions.css';

const kOutlining = new Set(['polygon', 'polyline']);

/** What is told to the tools that draw outlines. */
export function DrawOptions() {
  const editor = useEditor();
  const tool = useSignal(editor.tool);
  if (!kOutlining.has(tool)) return null;
  return (
    <div className="mask-options" role="group" aria-label={t('tools.options.title')}>
      <Switch signal={editor.snapping} label={t('tools.options.snap')} command="vector.snapping" />
      {tool === 'polygon' ? (
        <Switch signal={editor.cutting} label={t('tools.options.cut')} command="vector.holes" />
      ) : null}
    </div>
  );
}

interface SwitchProps {
  signal: Signal<boolean>;
  label: string;
  command: string;
}

function Switch({ signal, label, command }: SwitchProps) {
  const on = useSignal(signal);
  return (
    <label className="mask-option">
      <input
        type="checkbox"
        checked={on}
        data-testid={command}
        onChange={(event) => signal.set(event.target.checked)}
      />
      <span>{label}</span>
      <kbd className="kbd">{keyText(command)}</kbd>
    </label>
  );
}
