import { keyText } from '@/editor/keys/keysOf';
import { t, type MessageKey } from '@/i18n/i18n';
import { useSignal } from '../useSignal';
import { useEditor } from '../workspace';

const kKeys: readonly (readonly [string, MessageKey])[] = [
  ['ai.accept', 'ai.accept'],
  ['ai.reject', 'ai.reject'],
  ['ai.next', 'ai.nextOne'],
  ['ai.leave', 'ai.leave'],
];

/** The keys that decide on the proposal in focus. */
export function GhostHint() {
  const editor = useEditor();
  const focused = useSignal(editor.focusedGhost);
  if (focused === null) return null;
  return (
    <div className="hint ghost-hint" data-testid="ghost-hint">
      {kKeys.map(([id, text]) => (
        <span key={id}>
          <kbd>{keyText(id)}</kbd> {t(text)}
        </span>
      ))}
    </div>
  );
}
